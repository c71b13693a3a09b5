"""What a joint trajectory controller does: runs through the points of a trajectory by time."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.spline import Spline
from noetra_ros.core.types import FloatArray


class TrajectoryExecution:
    """From where the joints are told to be at the start, by lines, cubics or quintics as the points say.

    Args:
        start: (d,) setpoint at time 0.
        times_s: (n,) time of each point since the start, increasing, the first >= 0.
        points: (n, d).
        velocities: (n, d); rows of NaN = not said. None = nowhere.
        accelerations: (n, d), likewise.

    Raises:
        ValueError: no point, wrong shapes, NaN, or times that do not increase.
    """

    def __init__(
        self,
        start: FloatArray,
        times_s: FloatArray,
        points: FloatArray,
        velocities: FloatArray | None = None,
        accelerations: FloatArray | None = None,
    ) -> None:
        if len(times_s) == 0 or points.shape != (len(times_s), len(start)):
            got = f"{len(times_s)} times, points {points.shape}"
            raise ValueError(f"trajectory: {got}, expected one or more points of {len(start)} joints")
        if not (np.isfinite(points).all() and np.isfinite(times_s).all()):
            raise ValueError("trajectory: NaN or infinity")
        if times_s[0] < 0 or (np.diff(times_s) <= 0).any():
            raise ValueError(f"trajectory: times {times_s.tolist()} must increase from 0 on")
        rates = [np.full(points.shape, np.nan) if r is None else r for r in (velocities, accelerations)]
        if times_s[0] > 0.0:
            times_s, points = np.concatenate([[0.0], times_s]), np.vstack([start, points])
            rates = [np.vstack([np.zeros_like(start), rate]) for rate in rates]
        self._spline = Spline(times_s, points, *rates)

    def at(self, time_s: float) -> FloatArray:
        """(d,) setpoint; the last point after the end."""
        return self._spline.at(time_s)

    def is_over(self, time_s: float) -> bool:
        """The last point is reached."""
        return time_s >= self._spline.end_s
