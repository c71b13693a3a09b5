"""What a controller holds while nothing comes: motion goes on from there, not from what was under way.

Found by fuzzing. Who would have been hurt: whoever holds on to an arm that jumps to full speed after its
supervisor was held up for some periods, and what stands on a base that is told a new speed after a pause.
"""

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS
from supervised import Arm, Base

from noetra_ros.core.trajectory import Trajectory
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.output import PAUSE_PERIODS

DT_S = 0.01


def moving_arm():
    arm = Arm()
    arm.start()
    for k in range(30):
        arm.step([0.0006 * k * k, 0.0])  # 1.2 rad/s2
    return arm


def test_after_a_hold_up_in_motion_the_arm_begins_from_rest():
    arm = moving_arm()
    assert arm.supervisor.motion.velocity()[0] > 0.3
    held = arm.sent[-1][0]
    arm.now_ns += 60_000_000  # nobody was called; the servo has stood on `held` since
    arm.supervisor.on_joint_state(np.array([held, 0.0]), arm.now_ns)
    first = arm.command([0.9, 0.0]).values[0]
    jerk = (first - held) / DT_S**3
    assert abs(jerk) <= TWO_JOINTS.axes[0].jerk * (1.0 + 1e-6)


def test_a_stop_after_a_hold_up_does_not_move_a_robot_that_stands():
    arm = moving_arm()
    held = arm.sent[-1][0]
    arm.now_ns += 500_000_000
    decision = arm.take(arm.supervisor.tick(arm.now_ns))
    assert arm.supervisor.mode is Mode.PROTECTIVE_STOP
    assert decision.values is None and decision.report.is_at_rest
    assert arm.sent[-1][0] == held


@pytest.mark.parametrize("hold_up_ns", [10_000_000, 60_000_000, 90_000_000])
def test_who_cancels_is_not_answered_with_the_rest_of_the_way_to_the_last_goal(hold_up_ns):
    """A gripper that was held up after a cancel stood, and then closed on."""
    arm = moving_arm()
    arm.command([0.9, 0.0])
    held = arm.sent[-1][0]
    arm.take(arm.supervisor.on_trajectory(Trajectory((), (), arm.now_ns)))
    arm.now_ns += hold_up_ns
    speeds = [arm.supervisor.motion.velocity()[0]]
    for _ in range(30):
        arm.now_ns += 10_000_000
        arm.supervisor.on_joint_state(np.array([arm.sent[-1][0], 0.0]), arm.now_ns)
        decision = arm.take(arm.supervisor.tick(arm.now_ns))
        now = held if decision.values is None else decision.values[0]
        speeds.append((now - held) / DT_S)
        held = now
    assert arm.supervisor.mode is Mode.ACTIVE and speeds[-1] == 0.0
    is_standing = hold_up_ns > PAUSE_PERIODS * DT_S * 1e9
    assert max(speeds[1:]) < (1e-9 if is_standing else speeds[0])


@pytest.mark.parametrize("periods", [1.0, PAUSE_PERIODS])
def test_jitter_is_no_pause(periods):
    arm = moving_arm()
    velocity = arm.supervisor.motion.velocity()
    arm.supervisor.output.settle(arm.now_ns + round(periods * DT_S * 1e9))
    assert arm.supervisor.motion.velocity() == velocity


def test_a_pause_is_longer_than_that():
    arm = moving_arm()
    position = arm.supervisor.motion.sent()
    arm.supervisor.output.settle(arm.now_ns + round(PAUSE_PERIODS * DT_S * 1e9) + 1)
    motion = arm.supervisor.motion
    assert motion.differences() == (position, (0.0, 0.0), (0.0, 0.0))


def speeds_around_a_pause(base, before, after):
    """(m,) forward speeds of a base that hears two commands and nothing between them."""
    base.start()
    for command in (before, None, None, None, None, None, after, after, None, None):
        base.step(None if command is None else [command, 0.0, 0.0])
    return np.array([values[0] for values in base.sent])


def test_a_base_whose_source_pauses_in_a_ramp_ends_the_ramp_within_its_jerk():
    """It held the speed at once: the acceleration fell to nothing within one period."""
    base = Base()
    base.start()
    for k in range(1, 4):
        base.step([0.0, 0.0, 0.0] if k == 1 else [0.008 * (k - 1), 0.0, 0.0])
    for _ in range(4):
        base.step()
    speeds = np.array([values[0] for values in base.sent])
    held = np.concatenate([speeds, np.repeat(speeds[-1], 3)])
    jerk = np.diff(held, n=2) / 0.02**2
    assert base.sent[-1][0] == 0.016
    assert np.abs(jerk).max() <= 20.0 * (1.0 + 1e-6)


def test_after_a_pause_a_base_changes_its_speed_from_no_acceleration():
    speeds = speeds_around_a_pause(Base(), 0.02, -0.5)
    held = np.concatenate([[0.0, 0.0], speeds])
    assert np.abs(np.diff(held, n=2) / 0.02**2).max() <= 20.0 * (1.0 + 1e-6)


def test_rest_is_told_when_the_acceleration_has_ended_too():
    motion = ChannelMotion(TWO_JOINTS)
    motion.start_at([0.0, 0.0])
    motion.commit((0.0005, 0.0))
    motion.commit((0.0005, 0.0))
    assert not motion.is_at_rest  # the last setpoint but one still moved
    motion.commit((0.0005, 0.0))
    assert motion.is_at_rest and motion.is_steady
