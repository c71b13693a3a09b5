"""Follows a reference within limits: exactly where they allow it, by the fastest allowed way elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ruckig import ControlInterface, InputParameter, Ruckig, RuckigError, Trajectory

from noetra_ros.core.types import FloatArray
from noetra_ros.streaming.limits import StreamLimits
from noetra_ros.streaming.references import Motion, Reference

# Rounding of positions near 1 divided by the cube of a 10 ms period is 1e-10 / 1e-6: far below any limit.
TOLERANCE = 1e-9
MEETING_ROUNDS = 8
# Share of the jerk limit by which a reference may deviate from the motion so far and still be taken as its
# continuation.
CONTINUITY = 0.05


@dataclass(frozen=True)
class _Point:
    """One column at one instant."""

    value: float
    rate: float
    curvature: float


class _Column:
    """One value of the stream: its limits, its state and the last values that went out."""

    def __init__(self, limits: StreamLimits, index: int, period_s: float) -> None:
        self.lower, self.upper = float(limits.lower[index]), float(limits.upper[index])
        self.first, self.second = float(limits.first[index]), float(limits.second[index])
        self.third = float(limits.third[index])
        self.period_s = period_s
        self.point = _Point(0.0, 0.0, 0.0)
        self.sent = (0.0, 0.0, 0.0)  # newest first
        self.meeting = 0  # ticks until the planned way meets the reference; 0 = no way is planned
        self._solver, self._way = Ruckig(1, period_s), Trajectory(1)
        self._question = InputParameter(1)
        self._question.max_velocity = [self.first]
        self._question.max_acceleration = [self.second]
        self._question.max_jerk = [self.third]

    def place(self, value: float) -> None:
        """Start anew at rest."""
        self.point = _Point(min(max(value, self.lower), self.upper), 0.0, 0.0)
        self.sent = (self.point.value,) * 3

    def accept(self, point: _Point) -> float:
        self.point = point
        self.sent = (point.value, *self.sent[:2])
        return point.value

    def permits(self, wanted: _Point) -> bool:
        """Would `wanted`, sent next, keep every limit now, and leave a way to keep them afterwards?"""
        p0, (p1, p2, p3) = wanted.value, self.sent
        dt = self.period_s
        peak = abs(wanted.rate + wanted.curvature * abs(wanted.curvature) / (2.0 * self.third))
        return (
            abs(p0 - p1) <= self.first * dt + TOLERANCE
            and abs(p0 - 2.0 * p1 + p2) <= self.second * dt**2 + TOLERANCE
            and abs(p0 - 3.0 * p1 + 3.0 * p2 - p3) <= self.third * dt**3 + TOLERANCE
            and max(abs(wanted.rate), peak) <= self.first
            and abs(wanted.curvature) <= self.second
            and self._continues(wanted)
            and self.can_stop(wanted)
        )

    def _continues(self, wanted: _Point) -> bool:
        """Does `wanted` carry on from the present state, in rate and curvature too, not by position alone?

        The terms are what is left over when the curvature changes linearly within the period.
        """
        now, dt = self.point, self.period_s
        bend = wanted.curvature - now.curvature
        rate_left = wanted.rate - now.rate - dt * (now.curvature + wanted.curvature) / 2.0
        way = dt * now.rate + dt**2 * (2.0 * now.curvature + wanted.curvature) / 6.0
        slack = CONTINUITY * self.third
        return (
            abs(bend) <= self.third * dt
            and abs(rate_left) <= slack * dt**2
            and abs(wanted.value - now.value - way) <= slack * dt**3 + TOLERANCE
        )

    def can_stop(self, point: _Point) -> bool:
        """Is there room to brake before the end of the range? Errs to the safe side."""
        if not self.lower <= point.value <= self.upper:
            return False
        forward = math.copysign(1.0, point.rate) if point.rate else math.copysign(1.0, point.curvature)
        push = max(point.curvature * forward, 0.0)
        speed = abs(point.rate) + push**2 / (2.0 * self.third)
        turn_s = (push + self.second) / self.third
        way = speed * turn_s + speed**2 / (2.0 * self.second)
        room = self.upper - point.value if forward > 0 else point.value - self.lower
        return way <= room + TOLERANCE or speed == 0.0

    def reachable(self, wanted: _Point) -> _Point:
        """`wanted`, brought within the limits of rate, curvature and range."""
        rate = min(max(wanted.rate, -self.first), self.first)
        spare = math.sqrt(1.8 * self.third * max(self.first - abs(rate), 0.0))  # 2 would be the very edge
        bound = min(spare, self.second)
        point = _Point(wanted.value, rate, min(max(wanted.curvature, -bound), bound))
        if self.can_stop(point):
            return point
        return _Point(min(max(wanted.value, self.lower), self.upper), 0.0, 0.0)

    def way_to(self, goal: _Point, duration_s: float) -> float:
        """Plan the fastest allowed way that takes at least `duration_s`; returns its duration in s.

        Where the solver finds no way of that length or with that curvature at the end (both happen at the
        edges of what it can resolve), an easier end is asked for; in the last resort it is rest.
        """
        q = self._question
        q.control_interface = ControlInterface.Position
        self._start(q)
        q.target_position, q.target_velocity = [goal.value], [goal.rate]
        for curvature, least_s in ((goal.curvature, duration_s), (goal.curvature, None), (0.0, None)):
            q.target_acceleration, q.minimum_duration = [curvature], least_s
            try:
                self._solver.calculate(q, self._way)
                return float(self._way.duration)
            except RuckigError:
                continue
        return self.way_to_rest()

    def way_to_rest(self) -> float:
        """Plan the fastest allowed braking; returns its duration in s."""
        q = self._question
        q.control_interface = ControlInterface.Velocity
        self._start(q)
        q.target_velocity, q.target_acceleration, q.minimum_duration = [0.0], [0.0], None
        self._solver.calculate(q, self._way)
        return float(self._way.duration)

    def on_way(self, time_s: float) -> _Point:
        """Where the planned way is after `time_s`."""
        (value,), (rate,), (curvature,) = self._way.at_time(time_s)
        return _Point(value, rate, curvature)

    def _start(self, q: InputParameter) -> None:
        q.current_position, q.current_velocity = [self.point.value], [self.point.rate]
        q.current_acceleration = [self.point.curvature]


class Follower:
    """Turns a reference into setpoints whose finite differences keep the limits.

    A column whose reference keeps the limits is sent as it is: no lag. Otherwise the column takes the
    time-optimal jerk-limited way to the first tick at which it can meet the moving reference.

    A plan of speeds ends at zero, which a standing robot meets by standing. So a speed that cannot be met
    before the plan is over is gone for as fast as the limits allow: the next plan finds the robot under way.

    Args:
        limits: of the stream.
        period_s: s between setpoints.
        is_speed: the values are speeds.
    """

    def __init__(self, limits: StreamLimits, period_s: float, is_speed: bool = False) -> None:
        self.limits, self._is_speed = limits, is_speed
        self._period_s = period_s
        self._period_ns = round(period_s * 1e9)
        self._columns = [_Column(limits, i, period_s) for i in range(len(limits.names))]

    @property
    def value(self) -> FloatArray:
        """(d,) newest setpoint."""
        return np.array([column.point.value for column in self._columns])

    def place(self, value: FloatArray) -> None:
        """Start anew at rest; (d,), brought into range."""
        for column, v in zip(self._columns, value.tolist(), strict=True):
            column.place(v)

    def step(self, reference: Reference, now_ns: int, pace: float = 1.0) -> FloatArray:
        """(d,) the next setpoint, one period of motion after the one before.

        Args:
            reference: what to follow.
            now_ns: where on the reference this setpoint is.
            pace: reference time that goes by in one period, in periods; 1 but for a stretched tick.
        """
        motion = _at_pace(reference.at(now_ns), pace)
        out = np.empty(len(self._columns))
        ahead: dict[int, Motion] = {0: motion}
        for i, column in enumerate(self._columns):
            wanted = _pick(motion, i)
            if column.permits(wanted):
                column.meeting = 0
                out[i] = column.accept(wanted)
            else:
                out[i] = column.accept(self._catch_up(column, i, reference, now_ns, pace, ahead))
        return out

    def brake(self) -> FloatArray:
        """(d,) setpoint on the fastest way to rest."""
        out = np.empty(len(self._columns))
        for i, column in enumerate(self._columns):
            if column.lower < column.upper:
                column.way_to_rest()
                out[i] = column.accept(column.on_way(self._period_s))
            else:
                out[i] = column.accept(_Point(column.lower, 0.0, 0.0))
        return out

    def _catch_up(
        self,
        column: _Column,
        index: int,
        reference: Reference,
        now_ns: int,
        pace: float,
        ahead: dict[int, Motion],
    ) -> _Point:
        """Next point of a column that cannot be where it should: meet the reference as early as possible."""
        if column.lower >= column.upper:
            return _Point(column.lower, 0.0, 0.0)

        def meets(ticks: int) -> int:
            """Plan to meet the reference in `ticks`; answers how many it takes."""
            if ticks - 1 not in ahead:
                meeting_ns = now_ns + round((ticks - 1) * self._period_ns * pace)
                ahead[ticks - 1] = _at_pace(reference.at(meeting_ns), pace)
            goal = column.reachable(_pick(ahead[ticks - 1], index))
            return math.ceil(column.way_to(goal, ticks * self._period_s) / self._period_s - 1e-6)

        column.meeting = _plan_earliest(meets, column.meeting - 1)
        until_ns = round((column.meeting - 1) * self._period_ns * pace)
        if self._is_speed and _is_over(reference, now_ns, until_ns):
            column.meeting = 0
            column.way_to(column.reachable(_Point(float(ahead[0].value[index]), 0.0, 0.0)), self._period_s)
        point = column.on_way(self._period_s)
        if column.can_stop(point):
            return point
        edge = column.upper if column.point.rate > 0 else column.lower
        column.way_to(_Point(edge, 0.0, 0.0), self._period_s)
        return column.on_way(self._period_s)


def _plan_earliest(meets: Callable[[int], int], guess: int) -> int:
    """Call `meets` last with about the smallest count of ticks that is enough for it, and answer that count.

    Args:
        meets: plans for a count of ticks, answers how many it takes.
        guess: what is left of the last plan; taken as it is where it is still enough. 0 = there is none.
    """
    if guess > 0 and meets(guess) <= guess:
        return guess
    too_few, enough, ticks = 0, 0, 1
    for _ in range(MEETING_ROUNDS):
        needed = meets(ticks)
        if needed > ticks:
            too_few = ticks
        else:
            enough = ticks
        if enough and enough - too_few <= 1:
            break
        ticks = (too_few + enough) // 2 if enough else needed
    if enough and enough != ticks:
        meets(enough)
    return enough or ticks


def _is_over(reference: Reference, now_ns: int, ahead_ns: int) -> bool:
    """The reference is under way now, but at rest after `ahead_ns`."""
    return now_ns < reference.end_ns <= now_ns + ahead_ns


def _at_pace(motion: Motion, pace: float) -> Motion:
    """Derivatives by setpoint time instead of reference time."""
    return Motion(motion.value, motion.rate * pace, motion.curvature * pace**2)


def _pick(motion: Motion, index: int) -> _Point:
    return _Point(float(motion.value[index]), float(motion.rate[index]), float(motion.curvature[index]))
