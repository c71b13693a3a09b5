import dataclasses
import math

import pytest
from made_snapshots import TWIST, TWO_JOINTS, snapshot, wanting

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.attributes import changed
from noetra_ros.safety.braking import braking_travel
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
    assert Position().evaluate(changed(lost, is_armed=False)).action is not Action.STOP
    assert Position().evaluate(snapshot(measured=measured)).action is Action.PASS  # tracking_error's concern


VELOCITIES = dataclasses.replace(TWO_JOINTS, kind=CommandKind.JOINT_VELOCITY)


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize(("speed", "asked"), [(1.0, 1.0), (2.0, 2.0), (2.0, 7.0), (0.2, 0.2)])
def test_a_joint_velocity_may_lead_to_the_limit_and_not_beyond(side, speed, asked):
    """Of a joint that is told to go on it counts where it rests: one period and a stop further on."""
    way_rad = speed * 0.01 + braking_travel(speed, 0.0, TWO_JOINTS.axes[0], 0.01)[2]
    for gap_rad, expected in ((1e-9, Action.PASS), (-1e-6, Action.CLAMP)):
        at = side * (1.0 - way_rad - gap_rad)
        verdict = Position().evaluate(wanting(side * asked, 0.0, limits=VELOCITIES, measured=(at, 0.0)))
        assert verdict.action is expected
        if expected is Action.CLAMP:
            assert (verdict.subject, verdict.limit) == ("shoulder", side * 1.0)
            assert verdict.measured == pytest.approx(side * (1.0 + 1e-6))


def test_without_a_usable_command_a_velocity_channel_leads_nowhere():
    assert Position().evaluate(snapshot(limits=VELOCITIES, wanted=None)).action is Action.PASS


@pytest.mark.parametrize(
    ("wanted", "subject", "limit"),
    [
        ((3.0, 2.5), "shoulder", 1.0),
        ((-3.0, 2.5), "shoulder", -1.0),
        ((1.5, -2.5), "shoulder", 1.0),
        ((1.1, -4.0), "elbow", -2.0),
    ],
)
def test_of_several_the_farthest_is_told_and_of_two_alike_the_first(wanted, subject, limit):
    verdict = Position().evaluate(wanting(*wanted))
    assert (verdict.subject, verdict.limit) == (subject, limit)
