"""Verdicts of the supervisor itself: every number that a person is told."""

import math

import pytest
from made_snapshots import TWIST, TWO_JOINTS

from noetra_ros.safety.explanations import (
    approaching,
    bridged,
    held_back,
    speeding_up,
    too_early,
    unusable,
)
from noetra_ros.safety.projection.answer import UNKNOWN, Held, Projected
from noetra_ros.safety.verdict import Action


def numbers(verdict):
    return (
        verdict.check,
        verdict.action,
        verdict.scale,
        verdict.subject,
        verdict.measured,
        verdict.limit,
        verdict.unit,
    )


def test_on_the_way_to_a_command_the_farthest_axis_is_told():
    verdict = approaching(TWO_JOINTS, (0.5, -1.0), (0.4, -0.75))
    assert numbers(verdict) == ("limiter", Action.CLAMP, 1.0, "elbow", 0.25, 0.0, "rad")
    assert "elbow is 0.25 rad from its command" in verdict.reason


def test_a_twist_is_told_in_units_of_speed():
    verdict = approaching(TWIST, (0.5, 0.0, 0.0), (0.25, 0.0, 0.0))
    assert numbers(verdict) == ("limiter", Action.CLAMP, 1.0, "vx", 0.25, 0.0, "m/s")


def test_an_unusable_command_stops():
    verdict = unusable()
    assert numbers(verdict)[:4] == ("limiter", Action.STOP, 1.0, "command")
    assert math.isnan(verdict.measured) and "NaN" in verdict.reason


def test_a_command_before_its_time_is_refused():
    verdict = too_early(0.025, 0.015)
    assert numbers(verdict) == ("limiter", Action.CLAMP, 0.0, "command", 0.025, 0.015, "s")
    assert "0.0250 s ahead" in verdict.reason


@pytest.mark.parametrize(("is_braking", "words"), [(True, "brakes"), (False, "goes on to the last command")])
def test_a_bridged_pause_says_what_is_done(is_braking, words):
    verdict = bridged(0.02, 0.015, is_braking)
    assert numbers(verdict) == ("limiter", Action.CLAMP, 1.0, "pause", 0.02, 0.015, "s")
    assert words in verdict.reason


def test_speed_that_comes_back_is_told_as_a_share():
    verdict = speeding_up(0.4)
    assert numbers(verdict) == ("limiter", Action.SLOW, 0.4, "scale", 0.4, 1.0, "1")
    assert "40%" in verdict.reason


def test_what_a_barrier_held_is_told_with_what_was_done_instead():
    """In the log after an accident: which wall, how much room, and that the arm was stopped."""
    walls = (Held("the post", "m", -0.25), Held("the tilt", "rad", -0.5))
    for is_stopping, words in ((False, "the nearest motion that keeps it"), (True, "a controlled stop")):
        verdicts = held_back(Projected((0.0,), walls, is_stopping))
        assert numbers(verdicts[0]) == ("projection", Action.CLAMP, 1.0, "the post", -0.25, 0.0, "m")
        assert numbers(verdicts[1])[3:] == ("the tilt", -0.5, 0.0, "rad")
        assert verdicts[0].reason == f"the post: the command would leave -0.25 m of room; {words} is sent"
    assert held_back(Projected((0.0,))) == []


def test_room_that_is_not_known_is_told_as_that():
    (verdict,) = held_back(Projected((0.0,), (UNKNOWN,), True))
    assert (verdict.scale, verdict.subject, verdict.action) == (0.0, "where the robot is", Action.CLAMP)
    assert verdict.reason == "room to a barrier is not known: a controlled stop is sent"
