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

    def last_change_s(self, since_s: float, band: float) -> float:
        """s after `since_s` at which a value was last further than `band` from where it ended; 0 = never."""
        is_later = self.time_s >= since_s
        if not is_later.any():
            return 0.0
        away = np.abs(self.values - self.values[-1]).max(axis=1) > band
        changed = self.time_s[is_later & away]
        return float(changed[-1] - since_s) if changed.size else 0.0


@dataclass(frozen=True)
class EstopLimits:
    """Longest times from the press on, s: until the mode is told, until the robot is at rest."""

    told_s: float
    rest_s: float


@dataclass(frozen=True)
class EstopRound:
    """One press.

    Attributes:
        source: how it was pressed.
        told_s: s until EMERGENCY_STOP was reported.
        commands_s: s until the last command that differs from the final one; 0 = none came.
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
    travel = np.abs(later - here).max(axis=0) if len(later) else np.full(len(names), np.inf)
    was_moving = float(np.abs(here - measured.at(pressed_s - MOVING_OVER_S)).max())
    rest_s = measured.last_change_s(pressed_s, REST_BAND)
    took_s = told_s - pressed_s
    faults = [*seen]
    if was_moving <= REST_BAND:
        faults.append(f"the robot did not move when it was pressed ({was_moving:.4f} in {MOVING_OVER_S} s)")
    if not len(later):
        faults.append("no position was measured after the press")
    if not took_s <= limits.told_s:
        faults.append(f"EMERGENCY_STOP was told after {took_s:.3f} s, limit {limits.told_s:.3f} s")
    if not rest_s <= limits.rest_s:
        faults.append(f"the robot came to rest after {rest_s:.3f} s, limit {limits.rest_s:.3f} s")
    return EstopRound(
        source,
        took_s,
        commands.last_change_s(pressed_s, COMMAND_BAND),
        rest_s,
        dict(zip(names, travel.tolist(), strict=True)),
        was_moving,
        tuple(faults),
    )
