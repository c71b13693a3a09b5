"""What a joint trajectory controller does: runs through the points of a trajectory by time."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray


class TrajectoryExecution:
    """Linear interpolation between points, from where the joints are told to be at the start.

    Args:
        start: (d,) setpoint at time 0.
        times_s: (n,) time of each point since the start, increasing, the first >= 0.
        points: (n, d).

    Raises:
        ValueError: no point, wrong shapes, NaN, or times that do not increase.
    """

    def __init__(self, start: FloatArray, times_s: FloatArray, points: FloatArray) -> None:
        if len(times_s) == 0 or points.shape != (len(times_s), len(start)):
            got = f"{len(times_s)} times, points {points.shape}"
            raise ValueError(f"trajectory: {got}, expected one or more points of {len(start)} joints")
        if not (np.isfinite(points).all() and np.isfinite(times_s).all()):
            raise ValueError("trajectory: NaN or infinity")
        if times_s[0] < 0 or (np.diff(times_s) <= 0).any():
            raise ValueError(f"trajectory: times {times_s.tolist()} must increase from 0 on")
        has_zero = times_s[0] == 0.0
        self._times_s = times_s if has_zero else np.concatenate([[0.0], times_s])
        self._points = points if has_zero else np.vstack([start, points])

    def at(self, time_s: float) -> FloatArray:
        """(d,) setpoint; the last point after the end."""
        columns = [np.interp(time_s, self._times_s, column) for column in self._points.T]
        return np.array(columns)

    def is_over(self, time_s: float) -> bool:
        """The last point is reached."""
        return bool(time_s >= self._times_s[-1])
