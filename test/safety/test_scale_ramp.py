"""The speed scale falls at once and rises at a bounded rate."""

import pytest

from noetra_ros.safety.scale_ramp import ScaleRamp

S = 10**9


def test_it_begins_whole_and_falls_at_once():
    ramp = ScaleRamp(0.5)
    assert ramp.follow(1.0, True, 5 * S) == 1.0
    assert ramp.follow(0.2, True, 5 * S + 1) == 0.2
    assert ramp.follow(0.0, False, 5 * S + 2) == 0.0


def test_the_first_instant_gives_no_time_to_rise():
    ramp = ScaleRamp(0.5)
    ramp.scale = 0.2
    assert ramp.follow(1.0, True, 100 * S) == 0.2


def test_it_rises_by_the_rate_and_no_further_than_asked():
    ramp = ScaleRamp(0.5)
    ramp.follow(0.2, True, 0)
    assert ramp.follow(1.0, True, S // 2) == pytest.approx(0.45)
    assert ramp.follow(0.6, True, 2 * S) == 0.6
    assert ramp.follow(1.0, True, 9 * S) == 1.0


def test_a_robot_that_is_held_gains_nothing_meanwhile():
    ramp = ScaleRamp(0.5)
    ramp.follow(0.2, True, 0)
    assert ramp.follow(1.0, False, 3 * S) == 0.2
    assert ramp.follow(1.0, True, 4 * S) == pytest.approx(0.7)


def test_a_clock_that_goes_back_raises_nothing():
    ramp = ScaleRamp(0.5)
    ramp.follow(0.2, True, 10 * S)
    assert ramp.follow(1.0, True, 4 * S) == 0.2
    assert ramp.follow(1.0, True, 5 * S) == pytest.approx(0.7)


def test_arming_begins_whole():
    ramp = ScaleRamp(0.5)
    ramp.follow(0.0, False, 0)
    ramp.restart()
    assert ramp.scale == 1.0


def test_it_is_whole_before_anything_is_heard_and_never_more():
    ramp = ScaleRamp(0.5)
    assert ramp.scale == 1.0
    assert ramp.follow(1.5, True, 0) == 1.0
    assert ramp.follow(1.5, True, 9 * S) == 1.0
