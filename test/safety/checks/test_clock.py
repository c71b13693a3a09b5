import dataclasses
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


@pytest.mark.parametrize(("step_s", "expected"), [(0.6, Action.PASS), (0.61, Action.STOP)])
def test_a_slow_channel_is_looked_at_less_often(step_s, expected):
    """At 5 Hz three periods may pass; commands that waited any longer are old."""
    slow = dataclasses.replace(snapshot().limits, period_s=0.2)
    verdict = Clock().evaluate(snapshot(limits=slow, clock_step_s=step_s))
    assert verdict.action is expected
    if expected is Action.STOP:
        assert (verdict.measured, verdict.limit) == pytest.approx((0.61, 0.6))


def test_a_step_back_is_told_with_its_size():
    verdict = Clock().evaluate(snapshot(clock_step_s=-0.5))
    assert (verdict.measured, verdict.limit, verdict.unit) == (-0.5, 0.0, "s")
    assert "by -0.500000 s" in verdict.reason
