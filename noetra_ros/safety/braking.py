"""Jerk-limited ramps of one axis in discrete time, in closed form: how to brake, and how far it takes.

All motion here is what a controller sees: setpoints at a fixed period, judged by finite differences,
``v = (q - q_before) / dt``, ``a = (v - v_before) / dt``, ``j = (a - a_before) / dt``. Limits that hold here
hold for the numbers that are sent, with no continuous model in between.

A ramp that takes an acceleration ``a`` to zero at full jerk passes a, a-h, a-2h, ... with ``h = jerk * dt``;
these sum up to `ramp_sum`. Braking is dead-beat: `ramp_start` is the largest acceleration whose ramp changes
the velocity by no more than wanted, so that velocity and acceleration reach zero together, without overshoot.
"""

from __future__ import annotations

from math import floor, inf, sqrt

from noetra_ros.safety.axis_limits import AxisLimits

MAX_BRAKING_STEPS = 100_000
SURELY = 1.0 + 1e-9  # a sum of accelerations so far above another is above it whatever rounding does


def ramp_sum(acceleration: float, step: float) -> float:
    """Sum of acceleration, acceleration - step, acceleration - 2 step, ... down to zero.

    Args:
        acceleration: >= 0.
        step: largest change of the acceleration in one period (jerk * dt), > 0.
    """
    count = floor(acceleration / step)
    return (count + 1) * acceleration - step * count * (count + 1) / 2


def ramp_start(wanted_sum: float, step: float) -> float:
    """The acceleration whose `ramp_sum` is `wanted_sum` (its inverse).

    Args:
        wanted_sum: change of velocity over dt, >= 0.
        step: jerk * dt, > 0.
    """
    count = floor((sqrt(1.0 + 8.0 * wanted_sum / step) - 1.0) / 2.0)
    return (wanted_sum + step * count * (count + 1) / 2) / (count + 1)


def peak_velocity(velocity: float, acceleration: float, step: float, dt_s: float) -> float:
    """The velocity that is left when the acceleration is taken to zero at full jerk from the next step on."""
    size = abs(acceleration)
    count = floor(size / step)  # as `ramp_sum`, written out
    change = dt_s * ((count + 1) * size - step * count * (count + 1) / 2 - size)
    return velocity + change if acceleration > 0.0 else velocity - change


def ramp_acceleration(excess_velocity: float, acceleration: float, limits: AxisLimits, dt_s: float) -> float:
    """Next acceleration on the way to a wanted velocity, within acceleration and jerk, without overshoot.

    Args:
        excess_velocity: velocity now minus wanted velocity.
        acceleration: acceleration now.
        limits: of the axis.
        dt_s: period.
    """
    step = limits.jerk * dt_s
    size = min(limits.acceleration, ramp_start(abs(excess_velocity) / dt_s, step))
    target = -size if excess_velocity > 0.0 else size
    return min(max(target, acceleration - step), acceleration + step)


def braking_travel(
    velocity: float, acceleration: float, limits: AxisLimits, dt_s: float, enough: float = inf
) -> tuple[float, float, float]:
    """Travel of a controlled stop from a given motion, exactly as `ramp_acceleration` would drive it.

    Args:
        velocity: of the last step.
        acceleration: of the last step.
        limits: of the axis.
        dt_s: period.
        enough: travel beyond which nobody asks: once the highest is above, the rest is left out.

    Returns:
        (lowest, highest, end) travel relative to the position now; lowest <= 0 <= highest.
    """
    travel = lowest = highest = 0.0
    if velocity == 0.0 and acceleration == 0.0:
        return travel, lowest, highest
    full, step, rest_velocity = limits.acceleration, limits.jerk * dt_s, 1e-12 / dt_s
    full_sum = ramp_sum(full, step)
    surely_full = full_sum * SURELY
    skipped = 0.0  # the acceleration at which constant steps were jumped over
    for _ in range(MAX_BRAKING_STEPS):
        speed = abs(velocity)
        if speed <= rest_velocity and abs(acceleration) <= step:
            break
        if acceleration != skipped and abs(acceleration) == full and velocity * acceleration < 0.0:
            travel, velocity = _skip_constant(travel, velocity, full, full_sum, dt_s)
            skipped, speed = acceleration, abs(velocity)
        # As `ramp_acceleration`, written out: this loop is most of what a command costs.
        wanted_sum = speed / dt_s
        size = full
        if not wanted_sum > surely_full:
            count = floor((sqrt(1.0 + 8.0 * wanted_sum / step) - 1.0) / 2.0)
            size = (wanted_sum + step * count * (count + 1) / 2) / (count + 1)
            if size > full:
                size = full
        target = -size if velocity > 0.0 else size
        least, most = acceleration - step, acceleration + step
        acceleration = least if target < least else most if target > most else target
        velocity += acceleration * dt_s
        travel += velocity * dt_s
        if travel < lowest:
            lowest = travel
        elif travel > highest:
            highest = travel
            if travel > enough:
                break
    return lowest, highest, travel


def braking_bound(velocity: float, acceleration: float, limits: AxisLimits, dt_s: float) -> float:
    """An upper bound of the highest travel of a controlled stop, cheaper than `braking_travel`.

    For the lowest travel pass both signs turned round.
    """
    step = limits.jerk * dt_s
    peak = velocity + dt_s * ramp_sum(acceleration, step) if acceleration > 0.0 else velocity
    if peak <= 0.0:
        return 0.0
    full = limits.acceleration
    ramp_steps = (full + abs(acceleration)) / step + full / step + 3.0
    return peak * (ramp_steps * dt_s + 0.5 * peak / full)


def braking_bounds(
    velocity: float, acceleration: float, limits: AxisLimits, dt_s: float
) -> tuple[float, float]:
    """`braking_bound` of the highest travel, and of the lowest with its sign turned round."""
    step, full, size = limits.jerk * dt_s, limits.acceleration, abs(acceleration)
    count = floor(size / step)  # as `ramp_sum`, written out
    change = dt_s * ((count + 1) * size - step * count * (count + 1) / 2)
    up = velocity + change if acceleration > 0.0 else velocity
    down = change - velocity if acceleration < 0.0 else -velocity
    ramps_s = ((full + size) / step + full / step + 3.0) * dt_s
    return (
        0.0 if up <= 0.0 else up * (ramps_s + 0.5 * up / full),
        0.0 if down <= 0.0 else down * (ramps_s + 0.5 * down / full),
    )


def _skip_constant(
    travel: float, velocity: float, full: float, full_sum: float, dt_s: float
) -> tuple[float, float]:
    """Travel and velocity after the steps at full, constant deceleration; the same where there are none.

    Args:
        travel: so far.
        velocity: of the last step.
        full: the deceleration.
        full_sum: `ramp_sum` of it: what is left to the ramp out.
        dt_s: period.
    """
    speed = abs(velocity)
    steps = floor((speed / dt_s - full_sum) / full)
    if steps < 1:
        return travel, velocity
    distance = dt_s * (steps * speed - full * dt_s * steps * (steps + 1) / 2)
    slower = speed - steps * full * dt_s
    return (travel + distance, slower) if velocity > 0.0 else (travel - distance, -slower)
