"""What an emergency stop did to a robot in motion: from commands and measured positions, not from reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.limits import AxisLimits

# Positions nearer than this to the last one count as rest: a held joint creeps, odometry has noise.
REST_BAND = 0.004  # rad or m
MOVING_OVER_S = 0.1
COMMAND_BAND = 1e-6
# A robot that is not seen for so long may have moved meanwhile.
MOST_GAP_S = 0.2
AFTER_REST_S = 1.0
# What a machine without real-time scheduling may add to the supervisor's period.
ALLOWANCE_S = 0.05
# From the command to the motion: the controller's own latency, and what its servo still follows.
CONTROLLER_S, SERVO_S = 0.10, 0.20


@dataclass(frozen=True)
class Samples:
    """Values over time.

    Attributes:
        time_s: (k,) arrival, monotonic clock, rising.
        values: (k, d) positions, rad or m; or commands.
    """

    time_s: FloatArray
    values: FloatArray

    def at(self, time_s: float) -> FloatArray:
        """(d,) the newest values at an instant; the first ones before that."""
        row = int(np.searchsorted(self.time_s, time_s, side="right")) - 1
        newest: FloatArray = self.values[max(row, 0)]
        return newest

    def settled_s(self, since_s: float, band: float) -> float:
        """s from `since_s` to the first sample from which on all are within `band` of the last one; 0 = they
        were before, or there is none.
        """
        if not self.time_s.size:
            return 0.0
        away = np.flatnonzero(np.abs(self.values - self.values[-1]).max(axis=1) > band)
        first_s = self.time_s[away[-1] + 1] if away.size else since_s
        return float(max(first_s - since_s, 0.0))

    def longest_gap_s(self, begin_s: float, end_s: float) -> float:
        """Longest time without a sample between two instants, s."""
        inside = self.time_s[(self.time_s > begin_s) & (self.time_s < end_s)]
        return float(np.diff(np.concatenate([[begin_s], inside, [end_s]])).max())


@dataclass(frozen=True)
class EstopLimits:
    """Longest times from the press on, s: until the mode is told, until the robot is at rest."""

    told_s: float
    rest_s: float

    @property
    def watched_s(self) -> float:
        """s from the press on in which the source goes on sending and the robot has to be seen: longer than
        it may take to rest, or a stop that nobody commanded would look like one.
        """
        return self.rest_s + AFTER_REST_S


@dataclass(frozen=True)
class EstopRound:
    """One press.

    Attributes:
        source: how it was pressed.
        told_s: s until EMERGENCY_STOP was reported.
        commands_s: s until commands were the final one; 0 = none came.
        rest_s: s until every axis stayed where it was at the end.
        travel: largest distance from the place of the press by axis, rad or m.
        was_moving: distance that the fastest axis went in the 0.1 s before the press, rad or m.
        faults: what was not as declared, in words; of the latch and the reset, as the caller saw them.
    """

    source: str
    told_s: float
    commands_s: float
    rest_s: float
    travel: Mapping[str, float]
    was_moving: float
    faults: tuple[str, ...] = ()


def default_limits(axes: AxisLimits, period_s: float) -> EstopLimits:
    """One period of the supervisor until it is told; until rest also the controller and the braking.

    Args:
        axes: of the channel; braking from full speed at their own limits of acceleration and jerk.
        period_s: of the channel.
    """
    return EstopLimits(period_s + ALLOWANCE_S, period_s + CONTROLLER_S + axes.braking_time_s + SERVO_S)


def judge_press(
    source: str,
    names: tuple[str, ...],
    pressed_s: float,
    told_s: float,
    measured: Samples,
    commands: Samples,
    limits: EstopLimits,
    seen: tuple[str, ...] = (),
) -> EstopRound:
    """What one press did.

    Args:
        source: how it was pressed.
        names: of the axes of `measured`.
        pressed_s: instant of the press, clock of the samples.
        told_s: instant at which EMERGENCY_STOP was heard; infinite = never.
        measured: positions, from before the press until well after.
        commands: what went to the controller.
        limits: longest times.
        seen: what the caller found wrong with latch and reset.
    """
    here = measured.at(pressed_s)
    later = measured.values[measured.time_s >= pressed_s]
    travel = np.abs(later - here).max(axis=0) if len(later) else np.zeros(len(names))
    was_moving = float(np.abs(here - measured.at(pressed_s - MOVING_OVER_S)).max())
    rest_s = measured.settled_s(pressed_s, REST_BAND)
    gap_s = measured.longest_gap_s(pressed_s, pressed_s + limits.watched_s)
    took_s = told_s - pressed_s
    faults = [*seen]
    if was_moving <= REST_BAND:
        faults.append(f"the robot did not move when it was pressed ({was_moving:.4f} in {MOVING_OVER_S} s)")
    if gap_s > MOST_GAP_S:
        faults.append(f"no position was measured for {gap_s:.2f} s, limit {MOST_GAP_S} s: rest is not proved")
    if not took_s <= limits.told_s:
        faults.append(f"EMERGENCY_STOP was told after {took_s:.3f} s, limit {limits.told_s:.3f} s")
    if not rest_s <= limits.rest_s:
        faults.append(f"the robot came to rest after {rest_s:.3f} s, limit {limits.rest_s:.3f} s")
    return EstopRound(
        source,
        took_s,
        commands.settled_s(pressed_s, COMMAND_BAND),
        rest_s,
        dict(zip(names, travel.tolist(), strict=True)),
        was_moving,
        tuple(faults),
    )
