"""How hard a gripper may be told to press."""

import math

import numpy as np
import pytest
from made_snapshots import GRIPPER, TWO_JOINTS, gripping, snapshot

from noetra_ros.safety.checks.grip_force import GripForce
from noetra_ros.safety.verdict import Action

MOST = GRIPPER.effort.most
CASES = {
    "none asked": (None, Action.PASS),
    "nothing": ((0.0,), Action.PASS),
    "on the limit": ((MOST,), Action.PASS),
    "harder": ((MOST * 1.001,), Action.CLAMP),
    "negative": ((-0.1,), Action.STOP),
    "NaN": ((math.nan,), Action.STOP),
    "two of them": ((0.1, 0.1), Action.STOP),
}


@pytest.mark.parametrize(("efforts", "expected"), CASES.values(), ids=CASES)
def test_table(efforts, expected):
    assert GripForce().evaluate(gripping(efforts=efforts)).action is expected


def test_tells_what_was_asked_and_what_is_allowed():
    """A finger lies between the jaws."""
    verdict = GripForce().evaluate(gripping(efforts=(9.0 * MOST,)))
    assert (verdict.measured, verdict.limit, verdict.unit) == (9.0 * MOST, MOST, GRIPPER.effort.unit)


def test_judges_channels_that_carry_an_effort():
    assert GripForce().unmet(GRIPPER) == ""
    assert "nothing of a force" in GripForce().unmet(TWO_JOINTS)
    assert GripForce().evaluate(snapshot(command_efforts=np.array([1.0]))).action is Action.PASS
