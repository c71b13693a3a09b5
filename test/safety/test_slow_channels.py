"""A channel of few commands a second: its own period is no pause and no hold-up."""

import dataclasses

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS
from supervised import Supervised

from noetra_ros.safety.modes import Mode

CHECKS = ("clock", "estop", "finite", "shape", "rate", "position", "velocity", "acceleration", "jerk")


@pytest.mark.parametrize("period_s", [0.2, 0.5, 1.0])
def test_a_slow_motion_passes_bit_for_bit(period_s):
    """A tablet that jogs an arm: the supervisor looks once a period, which is longer than 0.25 s."""
    slow = dataclasses.replace(TWO_JOINTS, period_s=period_s, stream_max_age_s={"joint_states": 3.0})
    arm = Supervised(slow, (0.0, 0.0), checks=CHECKS)
    arm.start()
    for k in range(1, 30):
        decision = arm.step([0.1 * (1.0 - np.cos(0.1 * k)), 0.0])
        assert arm.supervisor.mode is Mode.ACTIVE, arm.supervisor.report(arm.now_ns).reason
        assert decision.values[0] == 0.1 * (1.0 - np.cos(0.1 * k))


def test_a_hold_up_of_several_periods_still_stops_it():
    slow = dataclasses.replace(TWO_JOINTS, period_s=0.2, stream_max_age_s={"joint_states": 3.0})
    arm = Supervised(slow, (0.0, 0.0), checks=CHECKS)
    arm.start()
    arm.step([0.0, 0.0])
    arm.now_ns += 700_000_000
    arm.supervisor.tick(arm.now_ns)
    assert arm.supervisor.mode is Mode.PROTECTIVE_STOP
