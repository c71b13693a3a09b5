"""Stops and bounds in figures that can be reckoned by hand: 2 rad/s, 20 rad/s2, 1000 rad/s3 at 100 Hz."""

from dataclasses import replace

import pytest
from stepped_stop import AXIS, DT_S, stepped_stop

from noetra_ros.safety.braking import (
    SURELY,
    braking_bound,
    braking_bounds,
    braking_travel,
    peak_velocity,
    ramp_acceleration,
    ramp_start,
    ramp_sum,
)


@pytest.mark.parametrize(
    ("wanted_sum", "expected"), [(0.0, 0.0), (4.0, 4.0), (10.0, 10.0), (20.0, 15.0), (30.0, 20.0)]
)
def test_ramps_begin_where_they_just_end_in_time(wanted_sum, expected):
    assert ramp_start(wanted_sum, 10.0) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("acceleration", "velocity"),
    [(0.0, 1.0), (0.8, 1.0 + 0.004), (-0.8, 1.0 - 0.004), (10.0, 1.0), (15.0, 1.05), (-20.0, 0.9)],
)
def test_speed_runs_on_while_its_acceleration_runs_out(acceleration, velocity):
    step = 0.4 if abs(acceleration) < 1.0 else 10.0
    assert peak_velocity(1.0, acceleration, step, DT_S) == pytest.approx(velocity, abs=1e-12)


@pytest.mark.parametrize(
    ("excess", "acceleration", "expected"),
    [
        (2.0, 0.0, -10.0),  # no more than the jerk in one period
        (2.0, -10.0, -20.0),
        (2.0, -20.0, -20.0),  # no more than the acceleration
        (0.2, -20.0, -15.0),  # the way out of the ramp
        (-0.2, 20.0, 15.0),
        (-2.0, 0.0, 10.0),
        (0.5, 5.0, -5.0),
        (0.0, 4.0, 0.0),
        (0.005, 0.0, -0.5),
        (-0.005, 0.0, 0.5),
    ],
)
def test_the_next_acceleration_keeps_the_jerk_and_does_not_overshoot(excess, acceleration, expected):
    assert ramp_acceleration(excess, acceleration, AXIS, DT_S) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("velocity", "acceleration", "expected"),
    [
        # 0.9, 0.7, 0.5, 0.3, 0.1 rad/s
        (1.0, 0.0, (0.0, 0.025, 0.025)),
        (-1.0, 0.0, (-0.025, 0.0, -0.025)),
        (0.1, 0.0, (0.0, 0.0, 0.0)),
        (0.0, 1.0, (0.0, 0.0, 0.0)),
        (0.1, -20.0, (0.0, 0.0, 0.0)),
        (0.05, -20.0, (-0.001, 0.0, -0.001)),  # braked too hard: it swings back
        (-0.05, 20.0, (0.0, 0.001, 0.001)),
        (0.25, -15.0, (0.0, 0.00075, 0.00075)),
    ],
)
def test_known_stops(velocity, acceleration, expected):
    assert braking_travel(velocity, acceleration, AXIS, DT_S) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("velocity", "acceleration"),
    [
        (2.0, 20.0),
        (-2.0, -20.0),
        (0.25, -20.0),
        (0.05, -15.0),
        (0.3, 15.0),
        (-0.05, 15.0),
        (1.0, -20.0),
        (0.3, -20.0),
    ],
)
def test_a_stop_is_reckoned_as_it_is_driven(velocity, acceleration):
    told = braking_travel(velocity, acceleration, AXIS, DT_S)
    assert told == pytest.approx(stepped_stop(velocity, acceleration), abs=1e-12)


@pytest.mark.parametrize("off", [0.5, -0.5])
def test_where_the_ramp_out_begins_the_stop_is_the_driven_one_bit_for_bit(off):
    """Just above and just below the speed whose ramp out begins with the full 20 rad/s2."""
    speed = ramp_sum(20.0, 10.0) * DT_S * (1.0 + off * (SURELY - 1.0))
    assert braking_travel(speed, -15.0, AXIS, DT_S) == stepped_stop(speed, -15.0)


def test_an_axis_that_stands_and_is_pushed_goes_on():
    slow = replace(AXIS, jerk=10.0)
    assert braking_travel(0.0, 1.0, slow, DT_S) == pytest.approx(stepped_stop(0.0, 1.0, slow))
    assert braking_travel(0.0, 1.0, slow, DT_S)[1] > 0.005


def test_weak_brakes_are_reckoned_to_the_end():
    """0.1 mm/s2 from 0.5 m/s: half a million periods; cut off after some, the way would be told too short."""
    weak = replace(AXIS, acceleration=1e-4)
    assert braking_travel(0.5, 0.0, weak, DT_S)[2] == pytest.approx(0.25 / 2e-4, rel=1e-4)
    assert braking_travel(-0.5, 0.0, weak, DT_S)[2] == pytest.approx(-0.25 / 2e-4, rel=1e-4)


def test_what_lies_beyond_enough_is_left_out():
    assert 0.02 < braking_travel(2.0, 0.0, AXIS, DT_S, 0.02)[1] <= 0.04
    assert braking_travel(2.0, 0.0, AXIS, DT_S, 1.0) == braking_travel(2.0, 0.0, AXIS, DT_S)


BOUNDS = [  # velocity, acceleration, bound upwards and downwards
    (1.0, 0.0, 0.07 + 0.025, 0.0),
    (-1.0, 0.0, 0.0, 0.07 + 0.025),
    (1.0, 10.0, 1.1 * (0.08 + 0.0275), 0.0),
    (-1.0, -10.0, 0.0, 1.1 * (0.08 + 0.0275)),
    (1.0, 0.5, 1.005 * (0.0705 + 0.025125), 0.0),
    (-1.0, -0.5, 0.0, 1.005 * (0.0705 + 0.025125)),
    (1.0, -10.0, 0.08 + 0.025, 0.0),
    (0.1, 20.0, 0.4 * (0.09 + 0.01), 0.0),
    (0.1, -20.0, 0.1 * (0.09 + 0.0025), 0.2 * (0.09 + 0.005)),
    (-0.1, 20.0, 0.2 * (0.09 + 0.005), 0.1 * (0.09 + 0.0025)),
    (-8.0, 0.0, 0.0, 8.0 * (0.07 + 0.2)),
    (0.0, 0.0, 0.0, 0.0),
]


@pytest.mark.parametrize(("velocity", "acceleration", "up", "down"), BOUNDS)
def test_known_bounds(velocity, acceleration, up, down):
    """Peak speed times the time of two ramps and three periods, and the way at the full deceleration."""
    assert braking_bound(velocity, acceleration, AXIS, DT_S) == pytest.approx(up, abs=1e-12)
    assert braking_bound(-velocity, -acceleration, AXIS, DT_S) == pytest.approx(down, abs=1e-12)
    assert braking_bounds(velocity, acceleration, AXIS, DT_S) == pytest.approx((up, down), abs=1e-12)
