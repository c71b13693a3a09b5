"""Who else commands the controller."""

import pytest
from made_snapshots import snapshot

from noetra_ros.safety.checks.sole_writer import SoleWriter
from noetra_ros.safety.verdict import Action


def test_alone_all_passes():
    assert SoleWriter().evaluate(snapshot()).action is Action.PASS


@pytest.mark.parametrize("others", [("/joystick",), ("/joystick", "/teleop")])
def test_another_program_on_the_topic_stops(others):
    """Somebody left a joystick node running: what it sends reaches the robot unjudged."""
    verdict = SoleWriter().evaluate(snapshot(other_writers=others))
    assert (verdict.action, verdict.measured, verdict.limit) == (Action.STOP, float(len(others)), 0.0)
    assert verdict.subject == ", ".join(others) and verdict.scale == 1.0
