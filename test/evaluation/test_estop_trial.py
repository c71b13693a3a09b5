"""An emergency stop judged by measured positions, with motions whose stop is known."""

import math

import numpy as np
import pytest

from noetra_ros.evaluation.estop_trial import EstopLimits, Samples, default_limits, judge_press
from noetra_ros.evaluation.limits import limits_of
from noetra_ros.robots.profile import load_robot

NAMES = ("pan", "lift")
LIMITS = EstopLimits(0.06, 0.5)
TIME_S = np.arange(0.0, 4.0, 0.01)


def braked(pressed_s, speed=0.5, braking_s=0.3):
    """Pan moves at `speed` and brakes evenly from the press on; lift stands."""
    left_s = np.clip(TIME_S - pressed_s, 0.0, braking_s)
    pan = speed * (np.minimum(TIME_S, pressed_s) + left_s - left_s**2 / (2.0 * braking_s))
    return Samples(TIME_S, np.stack([pan, np.full_like(pan, 0.2)], axis=1))


def judged(measured, told_s=2.004, seen=()):
    return judge_press("topic", NAMES, 2.0, told_s, measured, measured, LIMITS, seen)


def test_time_and_travel_of_a_known_stop():
    found = judged(braked(2.0))
    assert found.faults == ()
    assert found.told_s == pytest.approx(0.004)
    assert found.rest_s == pytest.approx(0.3 - math.sqrt(2.0 * 0.3 * 0.004 / 0.5), abs=0.011)
    assert found.travel["pan"] == pytest.approx(0.5 * 0.3 / 2.0, abs=1e-6)
    assert found.travel["lift"] == 0.0
    assert found.was_moving == pytest.approx(0.05, abs=0.006)  # samples come every 10 ms
    assert found.commands_s == pytest.approx(0.3, abs=0.021)


@pytest.mark.parametrize(
    ("measured", "told_s", "words"),
    [
        (braked(2.4), 2.004, "came to rest after"),
        (braked(9.0), 2.004, "came to rest after"),
        (braked(2.0, speed=0.0), 2.004, "did not move"),
        (braked(2.0), math.inf, "was told after inf s"),
        (braked(2.0), 2.2, "was told after 0.200 s"),
        (Samples(TIME_S[:150], braked(9.0).values[:150]), 2.004, "rest is not proved"),
        (Samples(TIME_S[:205], braked(2.0).values[:205]), 2.004, "rest is not proved"),
    ],
)
def test_what_is_not_as_declared_is_said(measured, told_s, words):
    assert any(words in fault for fault in judged(measured, told_s).faults)


def test_what_the_caller_saw_of_the_latch_counts():
    assert judged(braked(2.0), seen=("a reset was accepted",)).faults == ("a reset was accepted",)


def test_a_motion_that_begins_again_is_no_rest():
    measured = braked(2.0)
    measured.values[TIME_S > 3.0, 0] += 0.1 * (TIME_S[TIME_S > 3.0] - 3.0)
    assert any("came to rest after" in fault for fault in judged(measured).faults)


def test_limits_follow_from_the_robot():
    limits = default_limits(limits_of(load_robot("so101")), 0.01)
    assert limits.told_s == pytest.approx(0.06)
    assert 0.3 < limits.rest_s < 1.0


def test_a_robot_that_is_not_seen_in_between_is_not_taken_for_one_at_rest():
    """Joint states that stop with the robot: what it did meanwhile is not known."""
    whole = braked(2.0)
    is_seen = (TIME_S < 2.05) | (TIME_S > 2.4)
    found = judged(Samples(whole.time_s[is_seen], whole.values[is_seen]))
    assert any("rest is not proved" in fault for fault in found.faults)
    assert found.rest_s > 0.3, "the first sample at rest counts, not the last in motion"
