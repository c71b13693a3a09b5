import dataclasses
import math

import pytest
from made_snapshots import STILL, TWIST, TWO_JOINTS, snapshot

from noetra_ros.safety.checks.tracking_error import TrackingError
from noetra_ros.safety.verdict import Action

CHECK = TrackingError(tracking_slow_share=0.5)
CASES = {  # limit 0.3 rad, slowing from 0.15 rad on
    "none": (STILL, Action.PASS, 1.0),
    "on the slow limit": ((0.5 + 0.0, -0.5 + 0.15 - 1e-12), Action.PASS, 1.0),
    "half way to the stop": ((0.5 + 0.225, -0.5 + 0.0), Action.SLOW, 0.5),
    "just before the stop": ((0.5 + 0.0, -0.5 + -0.3 + 1e-12), Action.SLOW, 0.0),
    "beyond": ((0.5 + 0.301, -0.5 + 0.0), Action.STOP, 0.0),
    "NaN": ((math.nan, 0.0), Action.STOP, 1.0),
    "missing": (None, Action.STOP, 1.0),
}


@pytest.mark.parametrize(("measured", "expected", "scale"), CASES.values(), ids=CASES)
def test_table(measured, expected, scale):
    verdict = CHECK.evaluate(snapshot(measured=measured))
    assert verdict.action is expected
    assert verdict.scale == pytest.approx(scale, abs=1e-9)


def test_names_the_joint_and_its_error():
    verdict = CHECK.evaluate(snapshot(measured=(0.5, -0.1)))
    assert (verdict.subject, verdict.limit, verdict.unit) == ("elbow", 0.3, "rad")
    assert verdict.measured == pytest.approx(0.4)


def test_a_robot_that_nobody_drives_may_be_moved_by_hand():
    assert CHECK.evaluate(snapshot(measured=(9.0, 9.0), is_armed=False)).action is Action.PASS


def test_twists_have_no_position():
    assert CHECK.unmet(TWO_JOINTS) == ""
    assert "base_twist" in CHECK.unmet(TWIST)


COARSE = dataclasses.replace(
    TWO_JOINTS, axes=tuple(dataclasses.replace(axis, tracking_error=0.25) for axis in TWO_JOINTS.axes)
)


@pytest.mark.parametrize(
    ("lag", "expected", "scale"),
    [(0.125, Action.PASS, 1.0), (0.25, Action.SLOW, 0.0), (0.2501, Action.STOP, 0.0)],
)
def test_on_its_limits(lag, expected, scale):
    """A gripper holds on to a table: at half of the limit nothing yet, at the whole no motion is left."""
    verdict = CHECK.evaluate(snapshot(limits=COARSE, measured=(0.5 + lag, -0.5)))
    assert (verdict.action, verdict.scale) == (expected, scale)


def test_joint_states_of_another_length_are_no_verdict():
    """The supervisor stops at an exception in a check; half of the joints would be judged otherwise."""
    with pytest.raises(ValueError, match="2 values beside 1"):
        CHECK.evaluate(snapshot(measured=(0.5,)))
