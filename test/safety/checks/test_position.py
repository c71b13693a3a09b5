import dataclasses
import math

import pytest
from made_snapshots import TWIST, TWO_JOINTS, snapshot, wanting

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.checks.position import Position
from noetra_ros.safety.verdict import Action

CASES = {
    "inside": ((0.5, -0.5), Action.PASS, ""),
    "on the upper limit": ((1.0, 2.0), Action.PASS, ""),
    "on the lower limit": ((-1.0, -2.0), Action.PASS, ""),
    "above": ((1.001, 0.0), Action.CLAMP, "shoulder"),
    "below": ((0.0, -2.001), Action.CLAMP, "elbow"),
    "both, the worse one": ((1.1, 9.0), Action.CLAMP, "elbow"),
}


@pytest.mark.parametrize(("wanted", "expected", "subject"), CASES.values(), ids=CASES)
def test_table(wanted, expected, subject):
    verdict = Position().evaluate(wanting(*wanted))
    assert (verdict.action, verdict.subject) == (expected, subject)


def test_nothing_to_judge_without_a_usable_command():  # NaN, missing: finite, shape and stale stop
    assert Position().evaluate(snapshot(wanted=None)).action is Action.PASS


def test_tells_value_and_limit():
    verdict = Position().evaluate(wanting(-1.5, 0.0))
    assert (verdict.measured, verdict.limit, verdict.unit) == (-1.5, -1.0, "rad")


def test_judges_positions_only():
    assert Position().unmet(TWO_JOINTS) == ""
    assert "base_twist" in Position().unmet(TWIST)


def test_a_velocity_beyond_all_reason_is_clamped_and_no_fault():
    """Found by fuzzing: the stop from 1e308 rad/s cannot be computed, and the exception latched a fault."""
    limits = dataclasses.replace(TWO_JOINTS, kind=CommandKind.JOINT_VELOCITY)
    for speed in (1e9, 1.7e308, -1.7e308):
        verdict = Position().evaluate(wanting(speed, 0.0, limits=limits, measured=(0.99, 0.0)))
        assert verdict.action in (Action.CLAMP, Action.PASS)


@pytest.mark.parametrize("measured", [None, (math.nan, 0.0), (0.0, math.inf)])
def test_joint_velocities_stop_while_nobody_knows_where_a_joint_is(measured):
    """Found by fuzzing. Who would have been hurt: whoever stands where the other joints went on to."""
    limits = dataclasses.replace(TWO_JOINTS, kind=CommandKind.JOINT_VELOCITY)
    lost = snapshot(limits=limits, measured=measured)
    assert Position().evaluate(lost).action is Action.STOP
    assert Position().evaluate(dataclasses.replace(lost, is_armed=False)).action is not Action.STOP
    assert Position().evaluate(snapshot(measured=measured)).action is Action.PASS  # tracking_error's concern
