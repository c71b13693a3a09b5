"""The supervisor on velocity channels: twists of a base, joint velocities."""

import dataclasses
import math

import numpy as np
import pytest
from finite_difference_judge import assert_velocity_limits
from made_snapshots import TWIST, TWO_JOINTS
from supervised import Base, Supervised

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.modes import Mode

SWING = [0.1 * (1.0 - math.cos(2.0 * math.pi * 0.25 * 0.01 * k)) for k in range(400)]


def test_twists_ramp_up_and_down_within_their_limits():
    base = Base()
    base.start()
    base.hold([5.0, 0.3, -9.0], 100)
    assert base.sent[-1].tolist() == [0.6, 0.0, -1.5]
    for _ in range(100):
        base.step()
    assert base.sent[-1].tolist() == [0.0, 0.0, 0.0]
    assert base.supervisor.mode is Mode.PROTECTIVE_STOP
    columns = np.array(base.sent)
    assert_velocity_limits(columns[:, [0]], 0.02, 0.6, 1.0, 20.0)
    assert_velocity_limits(columns[:, [2]], 0.02, 1.5, 3.0, 60.0)


def test_a_supervisor_that_was_held_up_does_not_push_a_base_on_that_its_controller_has_stopped():
    """Its process hung for two seconds (SIGSTOP); the drive has stopped the base when commands ended."""
    base = Base(dataclasses.replace(TWIST, controller_timeout_s=0.5))
    base.start()
    base.hold([0.3, 0.0, 0.5], 60)
    base.now_ns += 2_000_000_000
    before = len(base.sent)
    base.step()
    base.hold([0.3, 0.0, 0.5], 5)
    assert base.supervisor.mode is Mode.PROTECTIVE_STOP
    assert len(base.sent) > before and not np.any(base.sent[before:])


def test_a_slow_source_of_twists_is_ramped_between_its_commands():
    base = Base()
    base.start()
    for k in range(100):
        base.step([0.5, 0.0, 0.0] if k % 5 == 0 else None)
    assert base.sent[-1].tolist() == [0.5, 0.0, 0.0]
    assert base.supervisor.mode is Mode.ACTIVE


def velocity_arm():
    limits = dataclasses.replace(TWO_JOINTS, kind=CommandKind.JOINT_VELOCITY)
    return Supervised(limits, (0.0, 0.0))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_joint_velocities_are_braked_before_the_position_limit(sign):
    arm, position = velocity_arm(), 0.0
    arm.play_position = lambda: np.array([position, 0.0])
    arm.start()
    for _ in range(200):
        values = arm.step([sign * 9.0, 0.0]).values
        position += values[0] * 0.01
        assert abs(position) <= 1.0 + 1e-12
    assert abs(position) > 0.95
    assert "position" in {event.verdict.check for event in arm.events}
    for _ in range(30):
        position += arm.step([-sign * 0.5, 0.0]).values[0] * 0.01
    assert abs(position) < 0.95
    speeds = np.array(arm.sent)[:, [0]]
    assert_velocity_limits(speeds, 0.01, 2.0, 20.0, 1000.0)
