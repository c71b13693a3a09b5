"""The nearest allowed next setpoint: passes a command bit for bit when it is allowed, else steps towards it.

Recursively feasible: a setpoint is let through only when a controlled stop from it stays within position,
velocity, acceleration and jerk limits; and the first step of that stop is always a way on, from which the
rest of the same stop remains. Judged by finite differences of what is sent (see `braking`), per axis.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Final, NamedTuple

from noetra_ros.safety.axis_limits import AxisLimits
from noetra_ros.safety.braking import (
    braking_bound,
    braking_bounds,
    braking_travel,
    peak_velocity,
    ramp_acceleration,
)

# Share of a limit that rounding may add. The third difference of positions near 3 rad at 1 kHz is uncertain
# by 2e-6 rad/s3; against 1000 rad/s3 that is 2e-9.
ROUNDING: Final = 1e-7
MORE: Final = 1.0 + ROUNDING
# Position differences below this are rounding: the axis rests.
REST_STEP: Final = 1e-12
BISECTIONS: Final = 14


class AxisMotion(NamedTuple):
    """What was last sent on one axis, and its finite differences.

    Attributes:
        position: unit of the axis; on velocity channels as measured, 0 for twists.
        velocity: unit/s.
        acceleration: unit/s2.
    """

    position: float = 0.0
    velocity: float = 0.0
    acceleration: float = 0.0

    def is_at_rest(self, dt_s: float) -> bool:
        """True when the last setpoints were all the same: what comes after a pause then begins from nothing,
        by the order of the setpoints and by the clock alike.
        """
        return abs(self.velocity) * dt_s <= REST_STEP and self.is_steady(dt_s)

    def is_steady(self, dt_s: float) -> bool:
        """True when the last two setpoints had the same velocity."""
        return abs(self.acceleration) * dt_s * dt_s <= 2.0 * REST_STEP


# A named tuple in half the time that its type takes: each command makes many.
_made = tuple.__new__


def moved(last: AxisMotion, position: float, dt_s: float) -> AxisMotion:
    """The motion after sending `position`."""
    velocity = (position - last.position) / dt_s
    return _made(AxisMotion, (position, velocity, (velocity - last.velocity) / dt_s))


def accelerated(last: AxisMotion, velocity: float, dt_s: float) -> AxisMotion:
    """The motion after sending `velocity`; the position is where that leads within the period."""
    acceleration = (velocity - last.velocity) / dt_s
    return _made(AxisMotion, (last.position + velocity * dt_s, velocity, acceleration))


def stop_position(last: AxisMotion, limits: AxisLimits, dt_s: float) -> float:
    """Next position of a controlled stop."""
    acceleration = ramp_acceleration(last.velocity, last.acceleration, limits, dt_s)
    step = (last.velocity + acceleration * dt_s) * dt_s
    if abs(step) <= REST_STEP:
        return last.position
    return min(max(last.position + step, min(limits.lower, last.position)), max(limits.upper, last.position))


def stop_velocity(last: AxisMotion, limits: AxisLimits, dt_s: float) -> float:
    """Next velocity of a controlled stop."""
    return ramp_velocity(last, 0.0, limits, dt_s)


def velocities_until_rest(last: AxisMotion, limits: AxisLimits, dt_s: float, most: int) -> list[float]:
    """Velocities of a controlled stop, period by period, at most `most`; none of an axis at rest."""
    velocity, acceleration = last.velocity, last.acceleration
    found: list[float] = []
    while (velocity != 0.0 or acceleration != 0.0) and len(found) < most:
        # As `stop_velocity`, written out: a stop has dozens of periods.
        following = velocity + ramp_acceleration(velocity, acceleration, limits, dt_s) * dt_s
        if abs(following) <= REST_STEP:
            following = 0.0
        velocity, acceleration = following, (following - velocity) / dt_s
        found.append(velocity)
    return found


def next_position(
    last: AxisMotion,
    wanted: float,
    wanted_velocity: float,
    limits: AxisLimits,
    dt_s: float,
    speed_scale: float = 1.0,
) -> float:
    """The allowed next position that serves `wanted` best; `wanted` itself, bit for bit, when it is allowed.

    Args:
        last: motion sent last.
        wanted: position commanded, finite.
        wanted_velocity: how fast the commands themselves move; 0 for a goal that stands.
        limits: of the axis.
        dt_s: period.
        speed_scale: share of the velocity limit that may be used now, 0..1.
    """
    speed = limits.velocity * speed_scale
    if is_position_allowed(last, wanted, limits, dt_s, speed):
        return wanted
    goal = min(max(wanted, limits.lower), limits.upper)
    candidate = _approach(last, goal, wanted_velocity if goal == wanted else 0.0, speed, limits, dt_s)
    if is_position_allowed(last, candidate, limits, dt_s):
        return candidate
    stop = stop_position(last, limits, dt_s)
    return _last_allowed(last, stop, candidate, limits, dt_s, is_position_allowed)


def next_velocity(
    last: AxisMotion, wanted: float, limits: AxisLimits, dt_s: float, speed_scale: float = 1.0
) -> float:
    """The allowed next velocity on the fastest way to `wanted`; `wanted` itself when it is allowed."""
    speed = limits.velocity * speed_scale
    if is_velocity_allowed(last, wanted, limits, dt_s, speed):
        return wanted
    candidate = ramp_velocity(last, min(max(wanted, -speed), speed), limits, dt_s)
    if is_velocity_allowed(last, candidate, limits, dt_s):
        return candidate
    stop = stop_velocity(last, limits, dt_s)
    return _last_allowed(last, stop, candidate, limits, dt_s, is_velocity_allowed)


def ramp_velocity(last: AxisMotion, goal: float, limits: AxisLimits, dt_s: float) -> float:
    """Next velocity of the fastest ramp to `goal` without overshoot."""
    acceleration = ramp_acceleration(last.velocity - goal, last.acceleration, limits, dt_s)
    velocity = last.velocity + acceleration * dt_s
    return goal if abs(velocity - goal) <= REST_STEP else velocity


def is_velocity_allowed(
    last: AxisMotion, velocity: float, limits: AxisLimits, dt_s: float, speed: float = inf
) -> bool:
    """True when sending `velocity` keeps velocity (also after the ramp out; `speed` where that is less),
    acceleration and jerk, and a controlled stop after it ends before the position limits (infinite for
    twists).
    """
    after = accelerated(last, velocity, dt_s)
    is_leaving = (
        after.position > limits.upper + REST_STEP
        if velocity > 0.0
        else velocity < 0.0 and after.position < limits.lower - REST_STEP
    )
    if is_leaving:
        return False
    return _is_way_on(
        last.acceleration, after.position, after.velocity, after.acceleration, limits, dt_s, speed
    )


def is_position_allowed(
    last: AxisMotion, position: float, limits: AxisLimits, dt_s: float, speed: float = inf
) -> bool:
    """True when sending `position` keeps every limit (and `speed`, where that is less than the limit), and a
    controlled stop from there does too.
    """
    return is_step_allowed(last.position, last.velocity, last.acceleration, position, limits, dt_s, speed)


def is_step_allowed(
    last_position: float,
    last_velocity: float,
    last_acceleration: float,
    position: float,
    limits: AxisLimits,
    dt_s: float,
    speed: float,
) -> bool:
    """`is_position_allowed` of a motion that is given by its three numbers."""
    if not limits.lower <= position <= limits.upper:
        return False
    velocity = (position - last_position) / dt_s  # as `moved`
    acceleration = (velocity - last_velocity) / dt_s
    return _is_way_on(last_acceleration, position, velocity, acceleration, limits, dt_s, speed)


def can_brake(motion: AxisMotion, limits: AxisLimits, dt_s: float) -> bool:
    """True when a controlled stop from `motion` passes no position limit; from outside, goes no further."""
    return _can_brake(motion.position, motion.velocity, motion.acceleration, limits, dt_s)


def _can_brake(
    position: float, velocity: float, acceleration: float, limits: AxisLimits, dt_s: float
) -> bool:
    upper, lower = limits.upper, limits.lower
    room_above = upper - position if position < upper else 0.0
    room_below = position - lower if position > lower else 0.0
    most_up, most_down = braking_bounds(velocity, acceleration, limits, dt_s)
    if most_up <= room_above and most_down <= room_below:
        return True
    lowest, highest, _ = braking_travel(velocity, acceleration, limits, dt_s)
    return highest <= room_above + REST_STEP and -lowest <= room_below + REST_STEP


def _is_way_on(
    last_acceleration: float,
    position: float,
    velocity: float,
    acceleration: float,
    limits: AxisLimits,
    dt_s: float,
    speed: float,
) -> bool:
    """True when a motion keeps a speed now and while its acceleration runs out, acceleration and jerk, and
    can be braked.
    """
    step, most = limits.jerk * dt_s, limits.velocity
    bound = (most if most < speed else speed) * MORE + REST_STEP / dt_s
    return (
        abs(velocity) <= bound
        and abs(acceleration) <= limits.acceleration * MORE
        and abs(acceleration - last_acceleration) <= step * MORE
        and abs(peak_velocity(velocity, acceleration, step, dt_s)) <= bound
        and _can_brake(position, velocity, acceleration, limits, dt_s)
    )


def _approach(
    last: AxisMotion, goal: float, goal_velocity: float, speed: float, limits: AxisLimits, dt_s: float
) -> float:
    """Next position on the fastest way to a goal in steady motion, without passing the goal."""
    goal_velocity = min(max(goal_velocity, -speed), speed)
    excess = last.velocity - goal_velocity
    gap = goal - goal_velocity * dt_s - last.position
    is_upward = _ends_below(gap, excess, last.acceleration, limits, dt_s)
    brake = ramp_acceleration(excess, last.acceleration, limits, dt_s)
    # Fastest allowed towards the goal: a ramp to the speed limit on that side.
    limit_speed = speed if is_upward else -speed
    fastest = ramp_acceleration(last.velocity - limit_speed, last.acceleration, limits, dt_s)
    acceleration = _bisect_acceleration(last, gap, goal_velocity, brake, fastest, limits, dt_s)
    step = (last.velocity + acceleration * dt_s) * dt_s
    return last.position if abs(step) <= REST_STEP else last.position + step


def _ends_below(gap: float, velocity: float, acceleration: float, limits: AxisLimits, dt_s: float) -> bool:
    """True when a controlled stop from a motion ends below `gap`, also a negative one; bounds tell most."""
    most_up, most_down = braking_bounds(velocity, acceleration, limits, dt_s)
    if gap > most_up + REST_STEP:
        return True
    if gap < -most_down - REST_STEP:
        return False
    return gap > braking_travel(velocity, acceleration, limits, dt_s)[2]


def _bisect_acceleration(
    last: AxisMotion,
    gap: float,
    goal_velocity: float,
    brake: float,
    fastest: float,
    limits: AxisLimits,
    dt_s: float,
) -> float:
    """The acceleration nearest to `fastest` from which braking (relative to the goal) still ends before the
    goal.

    Args:
        last: motion sent last.
        gap: goal minus position, one step before the goal is due.
        goal_velocity: velocity of the goal.
        brake: acceleration that brakes relative to the goal; never passes it.
        fastest: acceleration towards the goal.
        limits: of the axis.
        dt_s: period.
    """
    sign = 1.0 if fastest >= brake else -1.0
    excess, gap = sign * (last.velocity - goal_velocity), sign * gap  # upwards from here on
    good, bad = sign * brake, sign * fastest
    if not _passes(excess, gap, bad, limits, dt_s):
        return fastest
    for _ in range(BISECTIONS):
        middle = 0.5 * (good + bad)
        if _passes(excess, gap, middle, limits, dt_s):
            bad = middle
        else:
            good = middle
    return sign * good


def _passes(excess: float, gap: float, acceleration: float, limits: AxisLimits, dt_s: float) -> bool:
    """True when a goal above is passed by accelerating once and then braking, all relative to the goal."""
    velocity = excess + acceleration * dt_s
    room = gap - velocity * dt_s
    if braking_bound(velocity, acceleration, limits, dt_s) <= room:
        return False
    return braking_travel(velocity, acceleration, limits, dt_s, room)[1] > room


def _last_allowed(
    last: AxisMotion,
    allowed: float,
    refused: float,
    limits: AxisLimits,
    dt_s: float,
    is_allowed: Callable[[AxisMotion, float, AxisLimits, float], bool],
) -> float:
    """The value nearest to `refused`, on the way from the controlled stop, that is still allowed."""
    for _ in range(BISECTIONS):
        middle = 0.5 * (allowed + refused)
        if is_allowed(last, middle, limits, dt_s):
            allowed = middle
        else:
            refused = middle
    return allowed
