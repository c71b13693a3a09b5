"""The limiter on and around each of its limits: 1.7 rad, 2 rad/s, 20 rad/s2, 1000 rad/s3 at 100 Hz."""

from dataclasses import replace

import pytest

from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.limiter import (
    AxisMotion,
    _passes,
    accelerated,
    can_brake,
    is_position_allowed,
    is_velocity_allowed,
    moved,
    next_position,
    next_velocity,
    ramp_velocity,
    stop_position,
)
from noetra_ros.safety.limits import AxisLimits

DT_S = 0.01
AXIS = AxisLimits("joint", "rad", -1.7, 1.7, 2.0, 20.0, 1000.0, 0.35)  # 10 rad/s2 in one period
TWIST = AxisLimits("vx", "m", -1.0, 1.0, 0.6, 1.0, 20.0)


def test_a_motion_begins_at_nothing():
    assert AxisMotion() == (0.0, 0.0, 0.0)


def test_what_is_sent_moves_the_axis():
    assert moved(AxisMotion(1.0, 0.5, 0.0), 1.01, DT_S) == pytest.approx((1.01, 1.0, 50.0))
    assert accelerated(AxisMotion(1.0, 0.5, 0.0), 0.7, DT_S) == pytest.approx((1.007, 0.7, 20.0))


@pytest.mark.parametrize(
    ("velocity", "acceleration", "is_at_rest"),
    [
        (0.9e-10, 0.0, True),
        (1.5e-10, 0.0, False),
        (0.0, 1.9e-8, True),
        (0.0, 3e-8, False),
        (-1.5e-10, 0.0, False),
        (0.0, -3e-8, False),
    ],
)
def test_rest_is_less_than_rounding(velocity, acceleration, is_at_rest):
    motion = AxisMotion(0.5, velocity, acceleration)
    assert motion.is_at_rest(DT_S) is is_at_rest
    assert motion.is_steady(DT_S) is (abs(acceleration) < 2e-8)


def test_rest_on_the_bound():
    assert AxisMotion(0.0, 1e-12, 2e-12).is_at_rest(1.0)


def test_a_step_below_rounding_is_none():
    """Else the last digit of a robot that rests would go on changing."""
    assert stop_position(AxisMotion(0.3, -0.1 + 5e-11, 20.0), AXIS, DT_S) == 0.3
    assert ramp_velocity(AxisMotion(0.0, 0.4 + 5e-13, 20.0), 0.5, AXIS, DT_S) == 0.5
    assert ramp_velocity(AxisMotion(0.0, -0.1 + 5e-13, 20.0), 0.0, AXIS, DT_S) == 0.0


@pytest.mark.parametrize("over", [0.5e-7, 1.5e-7])
def test_rounding_is_forgiven_and_no_more(over):
    is_forgiven = over < 1e-7
    assert (
        is_velocity_allowed(AxisMotion(0.0, 0.5, 20.0), 0.5 + 0.2 * (1.0 + over), AXIS, DT_S) is is_forgiven
    )
    assert is_velocity_allowed(AxisMotion(0.0, 0.5, 0.0), 0.5 + 0.1 * (1.0 + over), AXIS, DT_S) is is_forgiven
    assert is_velocity_allowed(AxisMotion(0.0, 2.0, 0.0), 2.0 * (1.0 + over), AXIS, DT_S) is is_forgiven
    still = replace(AXIS, lower=-99.0, upper=99.0)
    assert is_position_allowed(AxisMotion(0.0, 2.0, 0.0), 0.02 * (1.0 + over), still, DT_S) is is_forgiven


def test_the_full_acceleration_is_allowed_both_ways():
    assert is_velocity_allowed(AxisMotion(0.0, 0.5, 20.0), 0.7, AXIS, DT_S)
    assert is_velocity_allowed(AxisMotion(0.0, -0.5, -20.0), -0.7, AXIS, DT_S)
    assert not is_velocity_allowed(AxisMotion(0.0, 0.5, 20.0), 0.71, AXIS, DT_S)


def test_the_limit_of_speed_holds_without_a_scale():
    assert is_velocity_allowed(AxisMotion(0.0, 1.9, 0.0), 2.0, AXIS, DT_S)
    assert not is_velocity_allowed(AxisMotion(0.0, 2.0, 0.0), 2.05, AXIS, DT_S)
    assert not is_velocity_allowed(AxisMotion(0.0, 1.75, 10.0), 1.95, AXIS, DT_S)  # 2.05 once it has run out


@pytest.mark.parametrize(
    ("velocity", "is_allowed"), [(0.0, True), (5e-11, True), (1.5e-10, False), (-5e-11, True)]
)
def test_at_no_speed_at_all_only_rounding_moves(velocity, is_allowed):
    assert is_velocity_allowed(AxisMotion(), velocity, AXIS, DT_S, 0.0) is is_allowed


@pytest.mark.parametrize(
    ("position", "velocity", "is_allowed"),
    [
        (1.7, 0.001, False), (1.7, -0.001, True), (1.7, 0.0, True), (1.7, 5e-11, True), (1.7, 5e-10, False),
        (-1.7, -0.001, False), (-1.7, 0.001, True), (-1.7, 0.0, True),
        (-1.7, -5e-11, True), (-1.7, -5e-10, False),
        (1.9, 0.001, False), (1.9, -0.001, True), (1.9, 0.0, True),
        (-1.9, -0.001, False), (-1.9, 0.001, True), (-1.9, 0.0, True),
        (0.0, 0.05, True), (0.0, -0.05, True),
    ],
)  # fmt: skip
def test_no_speed_leads_out_and_every_one_back(position, velocity, is_allowed):
    assert is_velocity_allowed(AxisMotion(position), velocity, AXIS, DT_S) is is_allowed


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize(
    ("position", "velocity", "can"),
    [
        (1.7, 0.0, True), (2.0, 0.0, True), (2.0, 0.5, False), (2.0, -0.5, True), (1.69, 1.0, False),
        (1.67, 1.0, True), (1.7, 0.1, True), (1.7, 0.2, False), (0.0, 2.0, True),
    ],
)  # fmt: skip
def test_braking_has_room_or_not(side, position, velocity, can):
    """From 1 rad/s 0.025 rad; from 0.1 rad/s none, by the next setpoint."""
    assert can_brake(AxisMotion(side * position, side * velocity, 0.0), AXIS, DT_S) is can


def test_an_allowed_speed_passes_though_a_ramp_would_be_gentler():
    """With 0.2 m/s2 under way 0.6 are allowed; the ramp that just reaches 0.012 m/s would take 0.5."""
    assert next_velocity(AxisMotion(0.0, 0.0, 0.2), 0.012, TWIST, 0.02) == 0.012


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_speed_is_braked_before_the_end_of_the_axis_and_no_sooner(side):
    motion = AxisMotion(0.0, 0.0, 0.0)
    for _ in range(200):
        velocity = next_velocity(motion, side * 2.0, AXIS, DT_S)
        assert is_velocity_allowed(motion, velocity, AXIS, DT_S)
        motion = accelerated(motion, velocity, DT_S)
    assert abs(motion.position) == pytest.approx(1.7, abs=1e-3) and abs(motion.velocity) < 1e-3


def test_what_is_given_for_a_speed_that_is_refused_is_next_to_refused():
    motion = AxisMotion(1.7 - 0.0405, 1.0, 0.0)
    given = next_velocity(motion, 2.0, AXIS, DT_S)
    assert 0.9 < given < 1.1
    assert is_velocity_allowed(motion, given, AXIS, DT_S)
    assert not is_velocity_allowed(motion, given + 1e-4, AXIS, DT_S)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_the_first_step_to_a_goal_is_the_fastest(side):
    assert next_position(AxisMotion(), side * 1.0, 0.0, AXIS, DT_S) == pytest.approx(side * 0.001, rel=1e-9)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_goal_on_the_other_side_turns_the_axis_round(side):
    """From 0.05 rad/s away from it: with 10 rad/s2 at once towards it."""
    last = AxisMotion(0.0, -side * 0.05, 0.0)
    assert next_position(last, side * 0.003, 0.0, AXIS, DT_S) == pytest.approx(side * 0.0005, rel=1e-6)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_an_axis_that_is_about_to_turn_round_goes_on_to_a_goal_ahead(side):
    last = AxisMotion(0.0, side * 0.15, side * -20.0)
    assert next_position(last, side * 0.01, 0.0, AXIS, DT_S) == pytest.approx(side * 0.0005, rel=1e-6)


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("gap", [0.03, 0.034, 0.04])
def test_braking_before_a_goal_begins_as_late_as_it_may(side, gap):
    last = AxisMotion(0.0, side * 1.0, 0.0)
    after = moved(last, next_position(last, side * gap, 0.0, AXIS, DT_S), DT_S)
    travel = braking_travel(after.velocity, after.acceleration, AXIS, DT_S)
    assert abs(after.position) + max(-travel[0], travel[1]) <= gap + 1e-9
    if abs(after.acceleration) < 9.9:
        faster = after.acceleration + side * 0.01
        travel = braking_travel(side + faster * DT_S, faster, AXIS, DT_S)
        assert abs(side + faster * DT_S) * DT_S + max(-travel[0], travel[1]) > gap


def test_a_goal_beyond_the_end_is_the_end_and_stands():
    last = AxisMotion(1.6, 1.0, 0.0)
    end = next_position(last, 1.7, 0.0, AXIS, DT_S)
    assert next_position(last, 2.0, 1.0, AXIS, DT_S) == next_position(last, 9.0, -1.0, AXIS, DT_S) == end
    near = AxisMotion(1.66, 1.0, 0.0)
    assert next_position(near, 2.0, 1.0, AXIS, DT_S) == next_position(near, 1.7, 0.0, AXIS, DT_S)
    assert next_position(near, 1.695, 1.0, AXIS, DT_S) != next_position(near, 1.695, 0.0, AXIS, DT_S)


def test_without_a_scale_the_whole_speed_may_be_used():
    last = AxisMotion(0.0, 1.95, 0.0)
    assert next_position(last, 0.5, 0.0, AXIS, DT_S) == next_position(last, 0.5, 0.0, AXIS, DT_S, 1.0)
    assert next_velocity(last, 5.0, AXIS, DT_S) == next_velocity(last, 5.0, AXIS, DT_S, 1.0)


def test_a_goal_is_passed_also_by_what_swings_back():
    gentle = replace(AXIS, jerk=100.0)
    _, highest, end = braking_travel(0.5, -20.0, gentle, DT_S)
    assert end < 0.0 < highest
    assert _passes(0.7, 0.005 + 0.5 * highest, -20.0, gentle, DT_S)
    assert not _passes(0.7, 0.005 + 1.1 * highest, -20.0, gentle, DT_S)
