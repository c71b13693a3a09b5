import math

import pytest
from made_snapshots import snapshot

from noetra_ros.safety.checks.clock import Clock
from noetra_ros.safety.verdict import Action

CASES = {
    "forward": (0.01, 0.01, Action.PASS, ""),
    "standing": (0.0, 0.0, Action.PASS, ""),
    "clock back": (-1e-9, 0.0, Action.FAULT, "clock"),
    "ROS clock back": (0.01, -5.0, Action.FAULT, "ROS clock"),
    "on the limit of being held up": (0.25, 0.0, Action.PASS, ""),
    "held up": (0.2501, 0.0, Action.STOP, "clock"),
    "NaN": (math.nan, 0.0, Action.FAULT, "clock"),
}


@pytest.mark.parametrize(("step_s", "ros_step_s", "expected", "subject"), CASES.values(), ids=CASES)
def test_table(step_s, ros_step_s, expected, subject):
    verdict = Clock().evaluate(snapshot(clock_step_s=step_s, ros_clock_step_s=ros_step_s))
    assert (verdict.action, verdict.subject) == (expected, subject)
