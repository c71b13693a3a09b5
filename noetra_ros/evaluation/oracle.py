"""Judges an episode by its physics alone: which limits of the robot were passed. Shares no code with safety/.

What counts:

- position, velocity: the physical joint beyond its limit, at any physics step;
- acceleration: change of the physical velocity over a window of 20 ms, divided by that window. A shorter
  window would judge the solver's contact forces, a longer one would miss a jump between two commands;
- of a base also the speeds that its controller is told, over 100 ms and what setpoints may come early: a
  drive that limits itself hides what it was asked for;
- an acceleration beyond the limit is the touched object's doing where the axis' own links touch something
  within the window or the one before, and the controller's target did not itself accelerate beyond the limit:
  it is counted apart, as a contact impact, never as clean;
- physics that is not finite passes every limit.

Consecutive steps beyond one limit on one axis are one violation, reported with its worst value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.trace import BoolArray, PhysicsTrace
from noetra_ros.evaluation.violations import Signal, Violation, ViolationKind

ACCELERATION_WINDOW_S = 0.020
# Of what a base is told; a setpoint may come 1.5 periods of 20 ms early (max_lead_periods), one more is for
# its way and for simulated time, which does not pass evenly on the supervisor's clock.
TOLD_WINDOW_S, TOLD_JITTER_S = 0.100, 0.050
STANDING = 0.02  # of the speed limit
RELATIVE_TOLERANCE = 1e-6  # rounding of the trace file, no allowance


@dataclass(frozen=True)
class Peaks:
    """Largest use of the limits over an episode, as a share of each: 1.0 is the limit itself."""

    position: float
    velocity: float
    acceleration: float


def judge_limits(trace: PhysicsTrace, limits: AxisLimits) -> list[Violation]:
    """Every passed limit of an episode, in order of time.

    Args:
        trace: what the physics did.
        limits: limits of the robot; those of the trace's axes are used.
    """
    own = limits.select(trace.names)
    found = [*_position(trace, own), *_velocity(trace, own), *_acceleration(trace, own), *_told(trace, own)]
    return sorted(found, key=lambda violation: violation.start_s)


def peaks(trace: PhysicsTrace, limits: AxisLimits) -> Peaks:
    """How much of each limit the episode used; a position by its distance from the middle of the range."""
    own = limits.select(trace.names)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle, half = (own.upper + own.lower) / 2.0, (own.upper - own.lower) / 2.0
        position = np.abs(trace.positions - middle) / half
        velocity = np.abs(trace.velocities) / own.velocity
        _, acceleration = windowed_acceleration(trace)
        shares = (position, velocity, np.abs(acceleration) / own.acceleration)
    return Peaks(*(_largest(share) for share in shares))


def windowed_acceleration(trace: PhysicsTrace) -> tuple[FloatArray, FloatArray]:
    """Mean acceleration over every window of the trace.

    Returns:
        (m,) s start of each window; (m, d) rad/s2 or m/s2.
    """
    steps = window_steps(trace)
    span_s = trace.time_s[steps:] - trace.time_s[:-steps]
    return trace.time_s[:-steps], (trace.velocities[steps:] - trace.velocities[:-steps]) / span_s[:, None]


def window_steps(trace: PhysicsTrace) -> int:
    """Physics steps in an acceleration window, at least 1."""
    return max(1, round(ACCELERATION_WINDOW_S / trace.step_s)) if len(trace.time_s) > 1 else 1


def _is_touched(trace: PhysicsTrace) -> BoolArray:
    """(m, d) the axis touched something within the window or the one before."""
    steps = window_steps(trace)
    count = len(trace.time_s) - steps
    touched = np.zeros((count, len(trace.names)), dtype=bool)
    for shift in range(-steps, steps + 1):
        first, last = max(0, shift), min(len(trace.time_s), shift + count)
        touched[first - shift : last - shift] |= trace.is_touching[first:last]
    return touched


def _is_target_calm(trace: PhysicsTrace, own: AxisLimits) -> BoolArray:
    """(m, d) the controller's target stayed within the acceleration limit around each window.

    A target that was never set moves nothing.
    """
    steps = window_steps(trace)
    count = len(trace.time_s) - steps
    period_s = steps * trace.step_s
    speed = np.zeros_like(trace.targets)
    if np.isfinite(trace.positions).any():
        speed[steps:] = np.nan_to_num(trace.targets[steps:] - trace.targets[:-steps]) / period_s
    else:
        speed = np.nan_to_num(trace.targets)
    change = np.zeros_like(speed)
    change[steps:] = np.abs(speed[steps:] - speed[:-steps]) / period_s
    calm = change <= own.acceleration * (1.0 + RELATIVE_TOLERANCE)
    return np.asarray(calm[:count] & calm[steps:], dtype=bool)


def _position(trace: PhysicsTrace, own: AxisLimits) -> list[Violation]:
    limited = np.isfinite(own.upper)
    margin = RELATIVE_TOLERANCE * np.maximum(1.0, np.abs(own.upper))
    found = []
    for limit, sign in ((own.upper, 1.0), (own.lower, -1.0)):
        excess = np.where(limited, sign * (trace.positions - limit) - margin, -np.inf)
        found += Signal(
            ViolationKind.POSITION,
            trace.names,
            trace.time_s,
            trace.positions,
            excess,
            limit,
            own.position_unit,
        ).violations()
    return found


def _velocity(trace: PhysicsTrace, own: AxisLimits) -> list[Violation]:
    excess = np.abs(trace.velocities) - own.velocity * (1.0 + RELATIVE_TOLERANCE)
    units = tuple(f"{unit}/s" for unit in own.position_unit)
    signal = Signal(
        ViolationKind.VELOCITY, trace.names, trace.time_s, trace.velocities, excess, own.velocity, units
    )
    return signal.violations()


def _acceleration(trace: PhysicsTrace, own: AxisLimits) -> list[Violation]:
    time_s, acceleration = windowed_acceleration(trace)
    is_impact = _is_touched(trace) & _is_target_calm(trace, own)
    excess = np.abs(acceleration) - own.acceleration * (1.0 + RELATIVE_TOLERANCE)
    units = tuple(f"{unit}/s2" for unit in own.position_unit)
    found = []
    for kind, only in ((ViolationKind.ACCELERATION, ~is_impact), (ViolationKind.CONTACT_IMPACT, is_impact)):
        signal = Signal(kind, trace.names, time_s, acceleration, excess, own.acceleration, units)
        found += signal.violations(only)
    return found


def _told(trace: PhysicsTrace, own: AxisLimits) -> list[Violation]:
    """Speeds that a controller was told, where it is told speeds; before the first it stands. A base that
    its own controller has stopped may be told to stand.
    """
    steps = round(TOLD_WINDOW_S / trace.step_s) if len(trace.time_s) > 1 else len(trace.time_s)
    if np.isfinite(trace.positions).any() or len(trace.time_s) <= steps:
        return []
    told = np.nan_to_num(trace.targets)
    change = (told[steps:] - told[:-steps]) / (TOLD_WINDOW_S + TOLD_JITTER_S)
    excess = np.abs(change) - own.acceleration * (1.0 + RELATIVE_TOLERANCE)
    is_standing = (np.abs(trace.velocities[:-steps]) < STANDING * own.velocity) & (told[steps:] == 0.0)
    excess = np.where(is_standing, -1.0, excess)
    units = tuple(f"{unit}/s2" for unit in own.position_unit)
    kind, start_s = ViolationKind.TOLD_ACCELERATION, trace.time_s[:-steps]
    return Signal(kind, trace.names, start_s, change, excess, own.acceleration, units).violations()


def _largest(shares: FloatArray) -> float:
    """Largest share; NaN where one is not a number and no limit is missing."""
    known = shares[:, ~np.isnan(shares).all(axis=0)] if shares.size else shares
    return float(known.max()) if known.size else 0.0
