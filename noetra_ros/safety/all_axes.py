"""What is done with every axis of a channel at once: one call here costs less than one for each axis. Part of
the kernel (see `kernel`).
"""

from __future__ import annotations

from math import inf

from noetra_ros.safety.axis_limits import AxisLimits
from noetra_ros.safety.limiter import REST_STEP, AxisMotion, is_step_allowed, next_position

Values = tuple[float, ...]  # one for each axis


def rates(now: Values, before: Values, period_s: float) -> Values:
    """(d) finite differences."""
    _have_length(len(now), len(before))
    return tuple([(now[i] - before[i]) / period_s for i in range(len(now))])


def differences(
    wanted: Values, sent: tuple[Values, Values, Values], is_position: bool, period_s: float
) -> tuple[Values, Values, Values]:
    """(d) velocity, acceleration and jerk that `wanted` (d) asks for.

    Args:
        wanted: positions where `is_position`, else velocities.
        sent: (d) values, velocity and acceleration sent last.
        is_position: see `wanted`.
        period_s: period.
    """
    velocity = rates(wanted, sent[0], period_s) if is_position else wanted
    acceleration = rates(velocity, sent[1], period_s)
    return velocity, acceleration, rates(acceleration, sent[2], period_s)


def goal_speeds(now: Values, before: Values, most: Values, period_s: float) -> Values:
    """(d) how fast goals move; 0 for one that moves faster than `most`, its limit."""
    _have_length(len(now), len(before), len(most))
    found = []
    for i in range(len(now)):
        speed = (now[i] - before[i]) / period_s
        found.append(speed if abs(speed) <= most[i] else 0.0)
    return tuple(found)


def motion_after(
    last: Values, last_velocity: Values, positions: Values, dt_s: float
) -> tuple[Values, Values]:
    """(d) velocity and (d) acceleration of every axis after `positions` (d) are sent, by finite differences.

    Args:
        last: (d) positions sent last.
        last_velocity: (d) their velocity.
        positions: (d).
        dt_s: period.
    """
    _have_length(len(positions), len(last), len(last_velocity))
    velocities, accelerations = [], []
    for i in range(len(positions)):
        velocity = (positions[i] - last[i]) / dt_s
        velocities.append(velocity)
        accelerations.append((velocity - last_velocity[i]) / dt_s)
    return tuple(velocities), tuple(accelerations)


def next_positions(
    sent: tuple[Values, Values, Values],
    wanted: Values,
    speeds: Values,
    axes: tuple[AxisLimits, ...],
    dt_s: float,
    scales: Values,
) -> Values:
    """(d) `next_position` of every axis; from outside its position limits only the way back is open.

    Args:
        sent: (d) positions, velocity and acceleration sent last.
        wanted: (d) positions commanded, finite.
        speeds: (d) how fast the commands themselves move.
        axes: (d) limits.
        dt_s: period.
        scales: (d) share of the velocity limits that may be used, 0..1.
    """
    position, velocity, acceleration = sent
    _have_length(len(axes), len(position), len(velocity), len(acceleration))
    _have_length(len(axes), len(wanted), len(speeds), len(scales))
    found = []
    for i in range(len(axes)):
        last, value, axis = position[i], wanted[i], axes[i]
        speed = axis.velocity * scales[i]
        if not is_step_allowed(last, velocity[i], acceleration[i], value, axis, dt_s, speed):
            motion = AxisMotion(last, velocity[i], acceleration[i])
            value = from_anywhere(motion, value, speeds[i], axis, dt_s, scales[i])
        found.append(value)
    return tuple(found)


def from_anywhere(
    motion: AxisMotion, wanted: float, wanted_velocity: float, axis: AxisLimits, dt_s: float, scale: float
) -> float:
    """As `next_position`; from outside the position limits only the way back is open."""
    position = motion.position
    if axis.lower <= position <= axis.upper:
        return next_position(motion, wanted, wanted_velocity, axis, dt_s, scale)
    inwards = min(max(wanted, axis.lower), axis.upper)
    wider = AxisLimits(
        axis.name,
        axis.unit,
        min(axis.lower, position),
        max(axis.upper, position),
        axis.velocity,
        axis.acceleration,
        axis.jerk,
        axis.tracking_error,
    )
    return next_position(motion, inwards, 0.0, wider, dt_s, scale)


def is_each_at_rest(velocities: Values, accelerations: Values, dt_s: float) -> bool:
    """`AxisMotion.is_at_rest` of every axis."""
    _have_length(len(velocities), len(accelerations))
    for i in range(len(velocities)):
        if not abs(velocities[i]) * dt_s <= REST_STEP:
            return False
        if not abs(accelerations[i]) * dt_s * dt_s <= 2.0 * REST_STEP:
            return False
    return True


def is_each_between(values: Values, lower: Values, upper: Values) -> bool:
    """Whether every value is one of those from its lower to its upper limit, these included."""
    _have_length(len(values), len(lower), len(upper))
    return all(lower[i] <= values[i] <= upper[i] for i in range(len(values)))


def shares_of(values: Values, aims: Values, most: Values) -> Values:
    """(d) distance of every value from its aim, as a share of the most that it may be."""
    _have_length(len(values), len(aims), len(most))
    return tuple([abs(values[i] - aims[i]) / most[i] for i in range(len(values))])


def is_each_within(values: Values, most: float) -> bool:
    """Whether no value is above `most`, and each is a number."""
    return all(value <= most for value in values)  # NaN is not


def is_each_finite(values: list[float]) -> bool:
    """Whether every value is a finite number."""
    return all(-inf < value < inf for value in values)  # NaN is not


def _have_length(length: int, *others: int) -> None:
    for other in others:
        if other != length:
            raise ValueError(f"{length} values beside {other}: one for each axis")
