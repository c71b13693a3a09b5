import dataclasses
import math

import pytest

from noetra_ros.safety.verdict import Action, Verdict, passed


def test_actions_are_graded():
    ordered = [Action.PASS, Action.CLAMP, Action.SLOW, Action.STOP, Action.ESTOP, Action.FAULT]
    assert sorted(Action) == ordered


@pytest.mark.parametrize("scale", [math.nan, -0.01, 1.01, math.inf, -math.inf])
def test_refuses_a_scale_that_is_no_share(scale):
    with pytest.raises(ValueError, match="scale"):
        Verdict("mine", Action.SLOW, "too close", scale)


@pytest.mark.parametrize("scale", [0.0, 0.5, 1.0])
def test_takes_a_share(scale):
    assert Verdict("mine", Action.SLOW, "too close", scale).scale == scale


@pytest.mark.parametrize("action", [3, "STOP", None, 99])
def test_refuses_an_unknown_action(action):
    with pytest.raises(ValueError, match="expected one of Action"):
        Verdict("mine", action, "why")


def test_refuses_an_action_without_a_reason():
    with pytest.raises(ValueError, match="without a reason"):
        Verdict("mine", Action.STOP)


def test_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        passed("mine").scale = 2.0
