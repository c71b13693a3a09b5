"""A trajectory as it arrived becomes one that can be judged: joints in channel order, numbers, times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.spline import Spline
from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Values
from noetra_ros.safety.trajectory.telling import refused
from noetra_ros.safety.verdict import Verdict

# s. A start later than that is a stamp of another clock.
MOST_AHEAD_S = 60.0
# Of one trajectory: five minutes at 100 Hz. To look at more on arrival would hold up the watchdog.
MOST_SETPOINTS = 30_000
MOST_POINTS = 5_000


@dataclass(frozen=True)
class Plan:
    """A readable trajectory, in channel order; n points, d axes.

    Attributes:
        times_s: (n,) ascending, the first >= 0.
        positions: (n, d).
        velocities: (n, d); rows of NaN = not said.
        accelerations: (n, d); rows of NaN = not said.
        start_ns: when it starts, on the clock that time-outs run on.
        begun_s: s of it that were over when it arrived.
    """

    times_s: FloatArray
    positions: FloatArray
    velocities: FloatArray
    accelerations: FloatArray
    start_ns: int
    begun_s: float

    def spline(self, start: Values) -> Spline:
        """The way in time from `start` (d), where the robot rests; a first point at 0 s has no way before."""
        if self.times_s[0] == 0.0:
            return Spline(self.times_s, self.positions, self.velocities, self.accelerations)
        still = np.zeros((1, len(start)))
        return Spline(
            np.concatenate([[0.0], self.times_s]),
            np.vstack([[start], self.positions]),
            np.vstack([still, self.velocities]),
            np.vstack([still, self.accelerations]),
        )


def read(trajectory: Trajectory, delay_s: float, limits: ChannelLimits) -> Plan | Verdict:
    """The plan of a trajectory with at least one point, or why it is refused.

    Args:
        trajectory: as it arrived.
        delay_s: its age on arrival by its own stamp, below 0 = it starts later; 0 without a stamp.
        limits: of the channel.
    """
    names, points = trajectory.names, trajectory.points
    if limits.kind is not CommandKind.JOINT_POSITION:
        return refused(f"the channel takes {limits.kind.value}, a trajectory is joint_position")
    if sorted(names) != sorted(limits.names):
        got = ", ".join(names) or "no joint"
        return refused(f"it names {got}; the channel takes each of {', '.join(limits.names)} once")
    if len(points) > MOST_POINTS:
        reason = f"it has {len(points)} points, at most {MOST_POINTS} may be sent at once"
        return refused(reason, measured=float(len(points)), limit=float(MOST_POINTS), unit="1")
    order = [names.index(name) for name in limits.names]
    times_s = np.array([point.time_s for point in points])
    unfit = _misshapen(points, len(names)) or _not_a_number(points, names) or _times(times_s, delay_s, limits)
    if unfit is not None:
        return unfit
    begun_s = max(0.0, delay_s)
    return Plan(
        times_s,
        np.array([point.positions for point in points])[:, order],
        _said([point.velocities for point in points], len(names))[:, order],
        _said([point.accelerations for point in points], len(names))[:, order],
        trajectory.arrival_ns + round(max(0.0, -delay_s) * 1e9),
        begun_s,
    )


def _misshapen(points: Sequence[TrajectoryPoint], count: int) -> Verdict | None:
    for index, point in enumerate(points):
        rows = {"positions": point.positions, "velocities": point.velocities,
                "accelerations": point.accelerations}  # fmt: skip
        for what, row in rows.items():
            if len(row) != count and (len(row) or what == "positions"):
                reason = f"point {index} has {len(row)} {what} for {count} joints"
                return refused(reason, measured=float(len(row)), limit=float(count), unit="1")
    return None


def _not_a_number(points: Sequence[TrajectoryPoint], names: Sequence[str]) -> Verdict | None:
    for point in points:
        for row in (point.positions, point.velocities, point.accelerations):
            if not np.isfinite(row).all():
                index = int(np.argmin(np.isfinite(row)))
                value, name = float(row[index]), names[index]
                return refused(f"{name} at {point.time_s:.3f} s is {value}, not a number", name, value)
    return None


def _times(times_s: FloatArray, delay_s: float, limits: ChannelLimits) -> Verdict | None:
    steps = np.diff(times_s)
    if not (np.isfinite(times_s).all() and times_s[0] >= 0.0 and (steps > 0.0).all()):
        at = 0 if not times_s[0] >= 0.0 else int(np.argmin(steps > 0.0)) + 1
        before = f"after {times_s[at - 1]:.3f} s" if at else "expected 0 or more"
        return refused(f"point {at} is due at {times_s[at]:.3f} s, {before}: times have to ascend")
    if not np.isfinite(delay_s) or -delay_s > MOST_AHEAD_S:
        reason = f"it starts in {-delay_s:.3g} s, later than {MOST_AHEAD_S:g} s: a stamp of another clock?"
        return refused(reason, measured=-delay_s, limit=MOST_AHEAD_S, unit="s")
    end_s = float(times_s[-1])
    if delay_s >= end_s:
        reason = f"it came {delay_s:.3f} s after its start and is over after {end_s:.3f} s"
        return refused(reason, measured=delay_s, limit=end_s, unit="s")
    longest_s = MOST_SETPOINTS * limits.period_s
    if end_s > longest_s:
        reason = f"it takes {end_s:.4g} s, at most {longest_s:g} s may be sent at once"
        return refused(reason, measured=end_s, limit=longest_s, unit="s")
    return None


def _said(rows: Sequence[FloatArray], count: int) -> FloatArray:
    """(n, count) with rows of NaN where a point says nothing."""
    return np.array([row if len(row) else np.full(count, np.nan) for row in rows])
