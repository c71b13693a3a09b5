"""A path through points in time, interpolated as ROS 2's joint_trajectory_controller does."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from noetra_ros.core.types import FloatArray


class Spline:
    """One polynomial between each two points, of an order that follows from what both ends of it say.

    Positions alone: a straight line. With velocities: a cubic. With velocities and accelerations: a quintic.
    Before the first point and after the last one it rests there.

    Args:
        times_s: (n,) ascending, n >= 1.
        positions: (n, d) rad or m.
        velocities: (n, d) per s; rows of NaN = not said at this point. None = nowhere.
        accelerations: (n, d) per s2, likewise.

    Raises:
        ValueError: no point, shapes that do not fit, NaN among times or positions, times that do not ascend.
    """

    def __init__(
        self,
        times_s: FloatArray,
        positions: FloatArray,
        velocities: FloatArray | None = None,
        accelerations: FloatArray | None = None,
    ) -> None:
        if len(times_s) == 0 or positions.ndim != 2 or len(positions) != len(times_s):
            got = f"{len(times_s)} times, points {positions.shape}"
            raise ValueError(f"spline: {got}, expected as many points as times, at least one")
        if not (np.isfinite(times_s).all() and np.isfinite(positions).all()):
            raise ValueError("spline: NaN or infinity")
        if (np.diff(times_s) <= 0).any():
            raise ValueError(f"spline: times {times_s.tolist()} must ascend")
        unsaid = np.full(positions.shape, np.nan)
        self._times_s: list[float] = times_s.tolist()
        self._positions = np.array(positions, dtype=np.float64)
        self._coefficients = _coefficients(
            np.diff(times_s)[:, np.newaxis],
            self._positions,
            unsaid if velocities is None else velocities,
            unsaid if accelerations is None else accelerations,
        )

    @property
    def end_s(self) -> float:
        """Time of the last point."""
        return self._times_s[-1]

    def at(self, time_s: float) -> FloatArray:
        """(d,) position."""
        if time_s >= self._times_s[-1]:
            return np.asarray(self._positions[-1])
        if time_s <= self._times_s[0]:
            return np.asarray(self._positions[0])
        index = bisect_right(self._times_s, time_s) - 1
        return _value(self._coefficients[:, index], time_s - self._times_s[index])

    def sampled(self, times_s: FloatArray) -> FloatArray:
        """(k, d) positions at (k,) times."""
        own = np.array(self._times_s)
        if len(own) == 1:
            return np.repeat(self._positions, len(times_s), axis=0)
        index = np.clip(np.searchsorted(own, times_s, side="right") - 1, 0, len(own) - 2)
        inside = np.clip(times_s, own[0], own[-1]) - own[index]
        values = _value(self._coefficients[:, index], inside[:, np.newaxis])
        values[times_s >= own[-1]] = self._positions[-1]
        return values


def _value(coefficients: FloatArray, time_s: FloatArray | float) -> FloatArray:
    """Horner's scheme over the first axis."""
    value = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        value = value * time_s + coefficient
    return np.asarray(value)


def _coefficients(t: FloatArray, p: FloatArray, v: FloatArray, a: FloatArray) -> FloatArray:
    """(6, n - 1, d), lowest order first, in the time since a segment of length `t` (n - 1, 1) began.

    From position, velocity and acceleration at both ends, as in any text on trajectory planning (Biagiotti,
    Melchiorri: Trajectory Planning for Automatic Machines and Robots, 2.1).
    """
    p0, v0, v1, a0, a1 = p[:-1], v[:-1], v[1:], a[:-1], a[1:]
    way = p[1:] - p0
    zero = np.zeros_like(p0)
    line = np.array([p0, way / t, zero, zero, zero, zero])
    cubic = np.array(
        [p0, v0, (3.0 * way / t - 2.0 * v0 - v1) / t, (v0 + v1 - 2.0 * way / t) / t**2, zero, zero]
    )
    quintic = np.array(
        [
            p0,
            v0,
            0.5 * a0,
            (20.0 * way - (8.0 * v1 + 12.0 * v0) * t - (3.0 * a0 - a1) * t**2) / (2.0 * t**3),
            (-30.0 * way + (14.0 * v1 + 16.0 * v0) * t + (3.0 * a0 - 2.0 * a1) * t**2) / (2.0 * t**4),
            (12.0 * way - 6.0 * (v1 + v0) * t + (a1 - a0) * t**2) / (2.0 * t**5),
        ]
    )
    has_speeds = ~np.isnan(v0 + v1).any(axis=1, keepdims=True)
    has_all = has_speeds & ~np.isnan(a0 + a1).any(axis=1, keepdims=True)
    return np.asarray(np.where(has_all, quintic, np.where(has_speeds, cubic, line)))
