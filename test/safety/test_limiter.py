import math

import numpy as np
import pytest
from finite_difference_judge import assert_position_limits, assert_velocity_limits
from hypothesis import given, settings
from hypothesis import strategies as st

from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.limiter import (
    AxisMotion,
    accelerated,
    can_brake,
    moved,
    next_position,
    next_velocity,
    stop_position,
    stop_velocity,
    velocities_until_rest,
)
from noetra_ros.safety.limits import AxisLimits

DT_S = 0.01
AXIS = AxisLimits("joint", "rad", -1.7, 1.7, 2.0, 20.0, 1000.0, 0.35)

huge = st.floats(-1e300, 1e300, allow_nan=False)
near = st.floats(-3.0, 3.0)
commands = st.lists(
    st.one_of(near, huge, st.sampled_from([-1.7, 1.7, 0.0, 1.7000001])), min_size=1, max_size=60
)
axes = st.builds(
    AxisLimits,
    name=st.just("joint"),
    unit=st.just("rad"),
    lower=st.floats(-3.0, -0.05),
    upper=st.floats(0.05, 3.0),
    velocity=st.floats(0.05, 5.0),
    acceleration=st.floats(0.5, 50.0),
    jerk=st.floats(5.0, 5000.0),
)
periods = st.sampled_from([0.002, 0.01, 0.02])


def follow(commands, axis=AXIS, dt_s=DT_S, start=0.0, hold=1, scales=None):
    """Positions sent for commands, each repeated `hold` times, and then for a controlled stop to its end."""
    motion, sent, before = AxisMotion(start), [start], start
    for i, wanted in enumerate(np.repeat(commands, hold)):
        speed = (wanted - before) / dt_s
        before = wanted
        scale = 1.0 if scales is None else scales[i % len(scales)]
        steady = speed if abs(speed) <= axis.velocity else 0.0
        position = next_position(motion, float(wanted), steady, axis, dt_s, scale)
        motion = moved(motion, position, dt_s)
        sent.append(position)
    for _ in range(20_000):
        if motion.is_at_rest(dt_s):
            break
        motion = moved(motion, stop_position(motion, axis, dt_s), dt_s)
        sent.append(motion.position)
    return np.array(sent)


def judge(sent, axis=AXIS, dt_s=DT_S):
    held = np.append(sent, [sent[-1]] * 3)  # what a controller sees when nothing more comes
    limits = (axis.lower, axis.upper, axis.velocity, axis.acceleration, axis.jerk)
    assert_position_limits(held, dt_s, *limits)


@settings(max_examples=100)
@given(commands, st.integers(1, 30))
def test_any_commands_stay_within_every_limit_and_so_does_the_stop(commands, hold):
    judge(follow(commands, hold=hold))


@settings(max_examples=100)
@given(commands, axes, periods, st.integers(1, 20))
def test_any_limits_and_periods_hold(commands, axis, dt_s, hold):
    judge(follow(commands, axis, dt_s, hold=hold), axis, dt_s)


@settings(max_examples=40)
@given(commands, st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_a_changing_speed_scale_breaks_no_limit(commands, scales):
    judge(follow(commands, hold=5, scales=scales))


@settings(max_examples=40)
@given(st.floats(-1.7, 1.7), st.floats(-1.7, 1.7), axes)
def test_a_goal_that_stands_is_reached_exactly_and_kept(start, goal, axis):
    inside = [min(max(value, axis.lower), axis.upper) for value in (start, goal)]
    motion = AxisMotion(inside[0])
    for _ in range(30_000):
        motion = moved(motion, next_position(motion, inside[1], 0.0, axis, DT_S), DT_S)
        if motion.position == inside[1] and motion.is_at_rest(DT_S):
            break
    assert motion.position == inside[1]
    assert next_position(motion, inside[1], 0.0, axis, DT_S) == inside[1]


def test_allowed_commands_pass_bit_for_bit():
    wanted = [0.3 * (1.0 - math.cos(2.0 * k * DT_S)) for k in range(600)]
    sent = follow(wanted)
    assert sent[1:601].tolist() == wanted


def test_a_command_on_the_position_limit_passes():
    motion = AxisMotion(1.7 - 1e-4)
    assert next_position(motion, 1.7, 0.0, AXIS, DT_S) == 1.7


def test_steady_motion_on_the_velocity_limit_passes():
    motion = AxisMotion(0.0, 2.0, 0.0)
    for k in range(1, 20):
        wanted = k * 2.0 * DT_S
        assert next_position(motion, wanted, 2.0, AXIS, DT_S) == wanted
        motion = moved(motion, wanted, DT_S)


def test_steady_motion_towards_the_position_limit_is_braked_in_time():
    ramp = np.arange(0.0, 3.0, 1.9 * DT_S)
    sent = follow(ramp)
    judge(sent)
    assert sent.max() == pytest.approx(1.7, abs=1e-6)


def test_a_jump_is_followed_at_full_speed_without_overshoot():
    sent = follow([1.0], hold=120)
    assert sent.max() == 1.0
    # From rest to rest: 1 rad at 2 rad/s, with 2/20 s + 20/1000 s lost at the ends.
    assert np.argmax(sent >= 1.0) * DT_S == pytest.approx(1.0 / 2.0 + 2.0 / 20.0 + 20.0 / 1000.0, abs=0.03)


def test_moving_commands_are_caught_up_and_then_pass():
    wanted = [1.0 - math.cos(1.0 * k * DT_S) + 0.3 for k in range(150)]  # begins 0.3 rad away
    sent = follow(wanted)
    assert sent[1] != wanted[0]
    assert sent[60:151].tolist() == wanted[59:150]


@pytest.mark.parametrize("speed", [1.0, 1.05, 1.9])
def test_what_the_limit_allows_and_the_scale_does_not_is_slowed(speed):
    steady = AxisMotion(0.0, 1.0, 0.0)
    position = next_position(steady, speed * DT_S, speed, AXIS, DT_S, speed_scale=0.5)
    assert position == pytest.approx(1.0 * DT_S, rel=1e-6)
    assert next_velocity(steady, speed, AXIS, DT_S, speed_scale=0.5) == pytest.approx(1.0, rel=1e-6)
    assert next_velocity(steady, speed, AXIS, DT_S) == pytest.approx(min(speed, 1.1), rel=1e-6)


def test_speed_scale_zero_brakes_to_a_standstill():
    motion = AxisMotion(0.0, 1.0, 0.0)
    for _ in range(60):
        motion = moved(motion, next_position(motion, 1.5, 0.0, AXIS, DT_S, 0.0), DT_S)
    assert motion.velocity == pytest.approx(0.0, abs=1e-9)
    assert 0.0 < motion.position < 0.1


def test_stop_from_full_speed_takes_the_shortest_way():
    motion, start = AxisMotion(0.0, 2.0, 0.0), 0.0
    steps = 0
    while not motion.is_at_rest(DT_S):
        motion = moved(motion, stop_position(motion, AXIS, DT_S), DT_S)
        steps += 1
    # v^2 / 2a + v a / 2j, less the way of one period, because finite differences look back.
    assert motion.position - start == pytest.approx(0.12 - 2.0 * DT_S, abs=1e-9)
    assert steps <= 14


TWIST = AxisLimits("vx", "m", -math.inf, math.inf, 0.6, 1.0, 20.0)


def follow_speed(commands, axis=TWIST, dt_s=0.02, hold=1):
    motion, sent = AxisMotion(), [0.0]
    for wanted in np.repeat(commands, hold):
        motion = accelerated(motion, next_velocity(motion, float(wanted), axis, dt_s), dt_s)
        sent.append(motion.velocity)
    for _ in range(20_000):
        if motion.velocity == 0.0 and motion.is_at_rest(dt_s):
            break
        motion = accelerated(motion, stop_velocity(motion, axis, dt_s), dt_s)
        sent.append(motion.velocity)
    return np.array([*sent, sent[-1], sent[-1]])


@settings(max_examples=100)
@given(commands, st.integers(1, 30))
def test_any_twists_stay_within_every_limit(commands, hold):
    sent = follow_speed(commands, hold=hold)
    assert_velocity_limits(sent, 0.02, 0.6, 1.0, 20.0)
    assert sent[-1] == 0.0


def test_a_twist_is_reached_exactly():
    assert follow_speed([0.37], hold=60)[60] == 0.37


def test_a_locked_axis_never_moves():
    locked = AxisLimits("vy", "m", -math.inf, math.inf, 0.0, 1.0, 20.0)
    assert not follow_speed([0.5, -0.5], locked, hold=20).any()


@given(
    position=st.floats(-1.0, 1.0),
    velocity=st.floats(-2.0, 2.0),
    acceleration=st.floats(-20.0, 20.0),
    shift=st.floats(-0.2, 0.2),
)
@settings(max_examples=400)
def test_braking_counts_towards_both_ends_alike(position, velocity, acceleration, shift):
    """A sign that is wrong for one end alone would let the joint into that one; and the bound that saves the
    exact reckoning may never say yes where that says no.
    """
    axis = AxisLimits("j", "rad", -1.0 + shift, 1.0 + shift, 2.0, 20.0, 1000.0)
    mirrored = AxisLimits("j", "rad", -1.0 - shift, 1.0 - shift, 2.0, 20.0, 1000.0)
    can = can_brake(AxisMotion(position, velocity, acceleration), axis, 0.01)
    assert can is can_brake(AxisMotion(-position, -velocity, -acceleration), mirrored, 0.01)
    lowest, highest, _ = braking_travel(velocity, acceleration, axis, 0.01)
    above, below = max(0.0, axis.upper - position), max(0.0, position - axis.lower)
    assert can is (highest <= above + 1e-9 and -lowest <= below + 1e-9)


def step_by_step(motion, axis, most):
    found = []
    while (motion.velocity != 0.0 or motion.acceleration != 0.0) and len(found) < most:
        motion = accelerated(motion, stop_velocity(motion, axis, DT_S), DT_S)
        found.append(motion.velocity)
    return found


@given(axes, st.floats(-5.0, 5.0), st.floats(-50.0, 50.0))
def test_a_whole_stop_has_the_velocities_of_its_single_steps(axis, velocity, acceleration):
    begin = AxisMotion(0.3, velocity, acceleration)
    assert velocities_until_rest(begin, axis, DT_S, 200) == step_by_step(begin, axis, 200)


def test_a_whole_stop_is_empty_at_rest_ends_at_rest_and_has_a_bound():
    assert velocities_until_rest(AxisMotion(0.3), AXIS, DT_S, 200) == []
    assert velocities_until_rest(AxisMotion(0.0, 1.0), AXIS, DT_S, 200)[-1] == 0.0
    assert len(velocities_until_rest(AxisMotion(0.0, 1.0), AXIS, DT_S, 3)) == 3
