"""Runs along a path setpoint by setpoint: at full pace where that is allowed, more slowly where it is not.

The pace is s of the path per s, 0..1. Slowing down and speeding up change the pace, never the path: the next
setpoint is taken nearer or farther along it. Each one is held against the limits of the axes by what was
really sent before. Where the supervisor sent something else (a barrier, a check, a pause), the follower goes
on from the place of the path that is nearest to it.
"""

from __future__ import annotations

from typing import NamedTuple

from noetra_ros.safety.braking import ramp_acceleration
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.snapshot import Values
from noetra_ros.safety.trajectory.path import Path

# Of the pace that just keeps a speed scale: the path between two setpoints is a little faster than they say.
PACE_MARGIN = 0.99
BISECTIONS = 8
ROUNDING = 1e-7
# Share of its tracking error limit by which a joint may be off the path.
OFF_PATH_SHARE = 0.25
# s without getting on while the speed scale lets it.
PATIENCE_S = 1.0
LEAST_PACE = 1e-6


class Step(NamedTuple):
    """What comes next.

    Attributes:
        wanted: (d) setpoint; None = the path is done, or given up.
        keeps_scale: the speed scale is kept by the pace, or braking down to it is under way along the path;
            false = whoever sends it has to see to that.
        fault: why the path is given up; empty = it is not.
    """

    wanted: Values | None
    keeps_scale: bool = True
    fault: str = ""


class Follower:
    """One run along one path.

    Args:
        path: judged.
        motion: what was last sent.
        limits: of the channel.

    Attributes:
        time_s: how far it is along the path.
        end_s: where the path ends.
    """

    def __init__(self, path: Path, motion: ChannelMotion, limits: ChannelLimits) -> None:
        self._path, self._motion, self._limits = path, motion, limits
        self._dt_s = limits.period_s
        self.time_s, self.end_s = path.begin_s, path.end_s
        self._pace, self._change = 0.0, 0.0
        self._wanted, self._wanted_s = motion.sent(), path.begin_s
        self._last_sent = motion.sent()
        self._is_begun = self._is_braking = False
        self._still_s, self._late = 0.0, 0
        ramp_s = max(axis.acceleration / axis.jerk for axis in limits.axes)
        self._most_late = round(2.0 * ramp_s / limits.period_s)

    def next(self, speed_scale: float) -> Step:
        """The setpoint of the next period.

        Args:
            speed_scale: share of the speed limits that may be used, 0..1.
        """
        sent = self._motion.sent()
        is_moving = self._take_in(sent) if self._is_begun else sent != self._last_sent
        self._last_sent = sent
        self._still_s = 0.0 if is_moving or speed_scale <= 0.0 else self._still_s + self._dt_s
        fault = self._off_path(sent) if self._is_begun else ""
        if self._still_s > PATIENCE_S:
            fault = f"it did not get on for {PATIENCE_S:g} s"
        if fault:
            return Step(None, fault=fault)
        if not self._is_begun:
            begin = self._path.at(self.time_s)
            self._is_begun = sent == begin and self._motion.is_at_rest
            if not self._is_begun:
                return Step(begin, False)  # as a command goes to its goal
        return self._go_on(sent, speed_scale)

    def _go_on(self, sent: Values, speed_scale: float) -> Step:
        end_s = self.end_s
        if self.time_s >= end_s and sent == self._path.at(end_s) and self._motion.is_at_rest:
            return Step(None)
        self._choose_pace(self._goal(speed_scale))
        self._wanted_s = min(self.time_s + self._pace * self._dt_s, end_s)
        self._wanted = self._path.at(self._wanted_s)
        return Step(self._wanted, self._keeps(speed_scale, sent))

    def _take_in(self, sent: Values) -> bool:
        """Find the place of what was sent on the way of the last step, and the pace that this was; whether it
        is another one than before.
        """
        share = 1.0 if sent == self._wanted else self._share_of_way(sent)
        gone_s = share * (self._wanted_s - self.time_s)
        self.time_s = self._wanted_s if share >= 1.0 else self.time_s + gone_s
        if share < 1.0:
            self._pace, self._change = gone_s / self._dt_s, 0.0
        if self._motion.is_at_rest:
            self._pace, self._change = 0.0, 0.0
        return gone_s > LEAST_PACE * self._dt_s or sent != self._last_sent

    def _share_of_way(self, sent: Values) -> float:
        """How much of the way to the last setpoint is done, each axis in units of its speed limit."""
        speeds, here = self._limits.each_velocity, self._path.at(self.time_s)
        rows = [row for row in zip(here, self._wanted, sent, speeds, strict=True) if row[3] > 0.0]
        length = sum(((b - a) / v) ** 2 for a, b, _, v in rows)
        done = sum((b - a) * (now - a) / v**2 for a, b, now, v in rows)
        return min(max(done / length, 0.0), 1.0) if length > 0.0 else 1.0

    def _off_path(self, sent: Values) -> str:
        """Why what was sent is no longer on the path; empty = it is."""
        for value, there, axis in zip(sent, self._path.at(self.time_s), self._limits.axes, strict=True):
            off, limit = abs(value - there), OFF_PATH_SHARE * axis.tracking_error
            if off > limit:
                unit = axis.unit
                return f"{axis.name} is {off:.4g} {unit} off its path, limit {limit:.4g} {unit}"
        return ""

    def _goal(self, speed_scale: float) -> float:
        """The pace that keeps the speed scale from here to the end."""
        if speed_scale >= 1.0:
            return 1.0
        share = self._path.speed_share_from(self.time_s)
        return 1.0 if PACE_MARGIN * speed_scale >= share else PACE_MARGIN * speed_scale / share

    def _choose_pace(self, goal: float) -> None:
        """The next pace on the way to `goal`, and as near to that as the limits of the axes allow."""
        before = self._pace
        may_jump = self._motion.is_at_rest or abs(goal - before) <= LEAST_PACE
        if may_jump and self._is_allowed(goal):
            self._pace, self._change, self._is_braking = goal, 0.0, False
            return
        limits = self._path.speeding_up if goal > before else self._path.slowing
        change = ramp_acceleration(before - goal, self._change, limits, self._dt_s)
        asked = min(max(before + change * self._dt_s, 0.0), 1.0)
        self._pace = asked if self._is_allowed(asked) else self._nearest(asked, before)
        self._change = (self._pace - before) / self._dt_s
        self._is_braking = self._pace == asked < before

    def _nearest(self, wanted: float, kept: float) -> float:
        """The allowed pace that is nearest to `wanted`, on the way from `kept`; `kept` where none is."""
        if not self._is_allowed(kept):
            return kept
        allowed, beyond = kept, wanted
        for _ in range(BISECTIONS):
            middle = 0.5 * (allowed + beyond)
            if self._is_allowed(middle):
                allowed = middle
            else:
                beyond = middle
        return allowed

    def _is_allowed(self, pace: float) -> bool:
        """Whether the limits of the axes let the next setpoint be that far along the path."""
        return self._motion.is_allowed(self._path.at(self.time_s + pace * self._dt_s))

    def _keeps(self, speed_scale: float, sent: Values) -> bool:
        """Whether the setpoint keeps the speed scale, or brakes down to it as hard as the path lets it."""
        rows = zip(self._wanted, sent, self._limits.each_velocity, strict=True)
        if all(abs(b - a) <= speed_scale * v * self._dt_s * (1.0 + ROUNDING) for b, a, v in rows):
            self._late = 0
            return True
        self._late += not self._is_braking
        return self._late <= self._most_late
