"""Judges a path before it starts: every setpoint at full pace, as if it were sent."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.checks.workspace import ROUNDING_M, outside_m
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.projection import Projection
from noetra_ros.safety.snapshot import Values
from noetra_ros.safety.trajectory.path import Path
from noetra_ros.safety.trajectory.telling import refused
from noetra_ros.safety.verdict import Verdict

# Setpoints judged at a time: 2 ms for six joints and the barriers that are on by themselves.
JUDGED_AT_ONCE = 20
# Share of a limit, and difference of positions, that rounding may add.
ROUNDING = 1e-7
STEP_ROUNDING = 1e-12
QUANTITIES = (
    ("moves at", "velocity", "/s"),
    ("accelerates at", "acceleration", "/s2"),
    ("has a jerk of", "jerk", "/s3"),
)


def judge_start(path: Path, sent: Values, limits: ChannelLimits) -> Verdict | None:
    """Refused when it begins farther from what was last sent than a joint may lag its command.

    Args:
        path: to be judged.
        sent: (d) last sent positions, where the robot rests.
        limits: of the channel.
    """
    begin = path.at(path.begin_s)
    for now, then, axis in zip(sent, begin, limits.axes, strict=True):
        gap = abs(then - now)
        if gap > axis.tracking_error:
            reason = (
                f"{axis.name} begins at {then:.4g} {axis.unit}, the robot is at {now:.4g} {axis.unit}: "
                f"{gap:.4g} {axis.unit} apart, limit {axis.tracking_error:.4g} {axis.unit}"
            )
            return refused(reason, axis.name, gap, axis.tracking_error, axis.unit)
    return None


def judge_limits(path: Path, limits: ChannelLimits) -> Verdict | None:
    """The first setpoint beyond a limit of its axis: position, velocity, acceleration or jerk.

    Rates are finite differences of the setpoints, which is what the controller sees: a corner between two
    straight lines is a jump of the velocity within one period.
    """
    dt_s = limits.period_s
    lead = np.array([path.before(periods) for periods in (3, 2, 1)])
    padded = np.vstack([lead, path.setpoints])
    lower, upper = np.array(limits.each_lower), np.array(limits.each_upper)
    beyond = np.maximum(lower - path.setpoints, path.setpoints - upper)
    first = _first(~(beyond <= STEP_ROUNDING))
    best = (first[0], 0, first[1]) if first is not None else None
    tables: list[FloatArray] = [path.setpoints]
    for order, (_, name, _) in enumerate(QUANTITIES, start=1):
        rates = np.diff(padded, n=order, axis=0)[-len(path.setpoints) :] / dt_s**order
        tables.append(rates)
        limit = np.array(limits.column(name))
        slack = limit * ROUNDING + 2**order * STEP_ROUNDING / dt_s**order
        found = _first(~(np.abs(rates) <= limit + slack))
        if found is not None and (best is None or found[0] < best[0]):
            best = (found[0], order, found[1])
    if best is None:
        return None
    row, order, column = best
    return _beyond(float(path.times_s[row]), order, column, float(tables[order][row, column]), limits)


def _first(is_beyond: FloatArray) -> tuple[int, int] | None:
    """Row and column of the first one that holds, by rows; None = none does."""
    rows = np.flatnonzero(is_beyond.any(axis=1))
    return (int(rows[0]), int(np.argmax(is_beyond[rows[0]]))) if rows.size else None


def _beyond(time_s: float, order: int, column: int, value: float, limits: ChannelLimits) -> Verdict:
    axis = limits.axes[column]
    if order == 0:
        limit = axis.lower if value < axis.lower else axis.upper
        verb, unit = "is at", axis.unit
    else:
        verb, name, per = QUANTITIES[order - 1]
        value, limit, unit = abs(value), float(getattr(axis, name)), axis.unit + per
    reason = f"{axis.name} at {time_s:.3f} s {verb} {value:.4g} {unit}, limit {limit:.4g} {unit}"
    return refused(reason, axis.name, value, limit, unit)


class Rehearsal:
    """Runs through a path in thought: stops that begin on the way, the tool's box, barriers.

    Args:
        path: within the limits of the axes.
        limits: of the channel.
        projection: barriers, for this rehearsal alone; None = none.
        joint_positions: (j,) measured, profile order; None = unknown, refused near boxes and barriers.

    Attributes:
        path: that.
    """

    def __init__(
        self,
        path: Path,
        limits: ChannelLimits,
        projection: Projection | None,
        joint_positions: FloatArray | None,
    ) -> None:
        self.path, self._limits, self._projection = path, limits, projection
        self._joints = joint_positions
        self._motion = ChannelMotion(limits)
        self._motion.start_at(path.before(2))
        for setpoint in (path.before(1), path.at(path.begin_s)):
            self._motion.commit(setpoint)
        self._next = 1
        self._outside_m = self._tools_outside_m(path.at(path.begin_s))

    @property
    def is_over(self) -> bool:
        """Every setpoint was looked at."""
        return self._next >= len(self.path.setpoints)

    def go_on(self) -> Verdict | None:
        """The next setpoints; why the trajectory is refused, None = nothing is wrong so far."""
        if self._joints is None and (self._projection is not None or self._limits.tool is not None):
            return refused("where the robot is is not known: no joint states")
        last = min(self._next + JUDGED_AT_ONCE, len(self.path.setpoints))
        for row in range(self._next, last):
            values: Values = tuple(self.path.setpoints[row].tolist())
            found = self._judge(values, float(self.path.times_s[row]))
            if found is not None:
                return found
            self._motion.commit(values)
        self._next = last
        return None

    def _judge(self, values: Values, time_s: float) -> Verdict | None:
        if not self._motion.is_allowed(values):
            return refused(f"a stop begun at {time_s:.3f} s would end beyond a position limit")
        outside_m = zip(self._tools_outside_m(values), self._outside_m, self._limits.tools, strict=True)
        for now_m, begin_m, tool in outside_m:
            if now_m > begin_m + ROUNDING_M:
                name = f"the tool {tool.box.tool_link}" if self._limits.further_tools else "the tool"
                reason = f"{name} at {time_s:.3f} s is {now_m:.4f} m outside the workspace"
                return refused(reason, "tool", now_m, 0.0, "m")
        if self._projection is None or self._joints is None:
            return None
        projected = self._projection.apply(self._motion, values, 1.0, self._joints)
        if projected.values == values:
            return None
        held = projected.held[0]
        reason = f"{held.name} at {time_s:.3f} s: the posture, or a stop begun there, would {held.words}"
        return refused(reason, held.name, held.measured, held.limit, held.unit)

    def _tools_outside_m(self, values: Values) -> list[float]:
        """m that each tool is outside its box; 0 where the joints are not known."""
        if self._joints is None:
            return [0.0] * len(self._limits.tools)
        positions = np.array(self._joints)
        positions[list(self._limits.joint_indices)] = values
        tools = self._limits.tools
        return [outside_m(tool.kinematics.tool_position(positions), tool.box) for tool in tools]
