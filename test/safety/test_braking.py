import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stepped_stop import AXIS, DT_S, stepped_stop

from noetra_ros.safety.braking import (
    braking_bound,
    braking_bounds,
    braking_travel,
    peak_velocity,
    ramp_start,
    ramp_sum,
)

velocities = st.floats(-2.0, 2.0)
accelerations = st.floats(-20.0, 20.0)


@pytest.mark.parametrize(
    ("acceleration", "expected"), [(0.0, 0.0), (4.0, 4.0), (10.0, 10.0), (15.0, 20.0), (20.0, 30.0)]
)
def test_ramp_sum_of_known_ramps(acceleration, expected):
    assert ramp_sum(acceleration, 10.0) == expected


@given(st.floats(0.0, 1e4), st.floats(0.1, 1e3))
def test_ramp_start_is_the_inverse_of_ramp_sum(wanted_sum, step):
    assert ramp_sum(ramp_start(wanted_sum, step), step) == pytest.approx(wanted_sum, rel=1e-9, abs=1e-9)


def test_peak_velocity_after_the_ramp_out():
    assert peak_velocity(1.0, 20.0, 10.0, DT_S) == pytest.approx(1.1)
    assert peak_velocity(-1.0, -20.0, 10.0, DT_S) == pytest.approx(-1.1)


@given(velocities, accelerations)
def test_braking_travel_is_what_the_steps_add_up_to(velocity, acceleration):
    expected = stepped_stop(velocity, acceleration)
    assert braking_travel(velocity, acceleration, AXIS, DT_S) == pytest.approx(expected, abs=1e-9)


@given(velocities, accelerations)
def test_a_stop_without_constant_deceleration_is_the_ramp_bit_for_bit(velocity, acceleration):
    wide = replace(AXIS, acceleration=1e6)  # never reached: nothing is jumped over
    assert braking_travel(velocity, acceleration, wide, DT_S) == stepped_stop(velocity, acceleration, wide)


@given(velocities, accelerations, st.floats(0.0, 1.2))
def test_enough_is_told_apart_from_not_enough(velocity, acceleration, share):
    highest = braking_travel(velocity, acceleration, AXIS, DT_S)[1]
    enough = share * highest
    assert (braking_travel(velocity, acceleration, AXIS, DT_S, enough)[1] > enough) == (highest > enough)


@given(velocities, accelerations)
def test_peak_velocity_is_that_of_the_ramp_sum_bit_for_bit(velocity, acceleration):
    rest = DT_S * (ramp_sum(abs(acceleration), 10.0) - abs(acceleration))
    expected = velocity + rest if acceleration > 0.0 else velocity - rest
    assert peak_velocity(velocity, acceleration, 10.0, DT_S) == expected


@given(velocities, accelerations)
def test_both_bounds_at_once_are_the_single_ones_bit_for_bit(velocity, acceleration):
    up = braking_bound(velocity, acceleration, AXIS, DT_S)
    down = braking_bound(-velocity, -acceleration, AXIS, DT_S)
    assert braking_bounds(velocity, acceleration, AXIS, DT_S) == (up, down)


@pytest.mark.parametrize("motion", [(math.nan, 0.0), (math.inf, 0.0), (-math.inf, 1.0)])
def test_no_stop_is_told_of_a_speed_that_is_no_number(motion):
    with pytest.raises((ValueError, OverflowError)):
        braking_travel(*motion, AXIS, DT_S)


@given(velocities, accelerations)
def test_braking_bound_is_never_too_small(velocity, acceleration):
    lowest, highest, _ = stepped_stop(velocity, acceleration)
    assert braking_bound(velocity, acceleration, AXIS, DT_S) >= highest - 1e-12
    assert braking_bound(-velocity, -acceleration, AXIS, DT_S) >= -lowest - 1e-12


def test_standstill_needs_no_way():
    assert braking_travel(0.0, 0.0, AXIS, DT_S) == (0.0, 0.0, 0.0)
    assert braking_bound(0.0, 0.0, AXIS, DT_S) == 0.0
