"""Judges by the physics alone whether a stopped robot stood still. Shares no code with safety/.

The controller's target may still change while the robot brakes within its own limits; after that, a change of
the target is a command after a stop, and an axis that still moves (once the servo had time to settle) is a
motion after a stop.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.trace import BoolArray, PhysicsTrace
from noetra_ros.evaluation.violations import Signal, Violation, ViolationKind

SETTLE_S = 0.5  # a position servo needs this after its target stopped
REST_SPEED = 0.05  # rad/s or m/s; below this an axis counts as at rest (servo and gravity creep)
MEANT_OVER_S = 0.025  # of an axis that touches something: what a gripper holds makes it tremble
# Transport from supervisor to controller and a tick of it (20 ms), and the simulated drive's own buffer: 4
# setpoints that wait and 5 that are averaged (90 ms).
REACTION_S = 0.110


@dataclass(frozen=True)
class StopWindow:
    """A time in which the robot was declared stopped.

    Attributes:
        cause: for a person, e.g. "e-stop pressed".
        start_s: simulated time from which the stop was due.
        end_s: simulated time at which motion was allowed again, or the end of the trace.
    """

    cause: str
    start_s: float
    end_s: float


def judge_stops(trace: PhysicsTrace, limits: AxisLimits, stops: Iterable[StopWindow]) -> list[Violation]:
    """Every command and motion that came after a declared stop plus the time to brake.

    Args:
        trace: what the physics did.
        limits: limits of the robot; they say how long braking takes.
        stops: when the robot was declared stopped.
    """
    own = limits.select(trace.names)
    found: list[Violation] = []
    for stop in stops:
        still_s = stop.start_s + REACTION_S + own.braking_time_s
        found += _commands(trace, own, _inside(trace, still_s, stop.end_s))
        found += _motions(trace, own, _inside(trace, still_s + SETTLE_S, stop.end_s))
    return sorted(found, key=lambda violation: violation.start_s)


def _inside(trace: PhysicsTrace, start_s: float, end_s: float) -> BoolArray:
    """(n,) steps after start_s, up to end_s."""
    return (trace.time_s > start_s) & (trace.time_s <= end_s)


def _commands(trace: PhysicsTrace, own: AxisLimits, inside: BoolArray) -> list[Violation]:
    """One violation for each step at which the target changed, named by the axis that changed most."""
    change = _target_changes(trace.targets)
    steps = np.flatnonzero((np.abs(change).max(axis=1, initial=0.0) > 0.0) & inside)
    found = []
    for step in steps:
        axis = int(np.argmax(np.abs(change[step])))
        found.append(
            Violation(
                ViolationKind.COMMAND_AFTER_STOP,
                trace.names[axis],
                float(trace.time_s[step]),
                0.0,
                float(change[step, axis]),
                0.0,
                own.target_unit(axis),
            )
        )
    return found


def _target_changes(targets: FloatArray) -> FloatArray:
    """(n, d) change of each target since the step before; infinite where it became or ceased to be NaN."""
    change = np.zeros_like(targets)
    unset_before, unset_now = np.isnan(targets[:-1]), np.isnan(targets[1:])
    change[1:] = np.where(unset_before | unset_now, 0.0, targets[1:] - targets[:-1])
    change[1:][unset_before != unset_now] = np.inf
    return change


def _mean_velocities(trace: PhysicsTrace) -> FloatArray:
    """(n, d) mean velocity of each axis over the last `MEANT_OVER_S`."""
    sums = np.cumsum(np.vstack([np.zeros_like(trace.velocities[:1]), trace.velocities]), axis=0)
    ends = np.arange(1, len(trace.time_s) + 1)
    begins = np.searchsorted(trace.time_s, trace.time_s - MEANT_OVER_S, side="right")
    means: FloatArray = (sums[ends] - sums[begins]) / (ends - begins)[:, np.newaxis]
    return means


def _motions(trace: PhysicsTrace, own: AxisLimits, inside: BoolArray) -> list[Violation]:
    velocities = np.where(trace.is_touching, _mean_velocities(trace), trace.velocities)
    speed = np.abs(velocities)
    units = tuple(f"{unit}/s" for unit in own.position_unit)
    rest = np.full(len(trace.names), REST_SPEED)
    signal = Signal(
        ViolationKind.MOTION_AFTER_STOP,
        trace.names,
        trace.time_s,
        velocities,
        speed - REST_SPEED,
        rest,
        units,
    )
    return signal.violations(np.broadcast_to(inside[:, None], speed.shape))
