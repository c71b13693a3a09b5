"""An arm on a base in physics, both under one supervisor: it drives and reaches in one episode, in turns."""

import numpy as np
import pytest
from driven_mobile import DrivenMobile

from noetra_ros.safety.modes import Mode
from noetra_ros.sim.experts.mobile import MobileExpert
from noetra_ros.sim.task import TASKS, Judge
from noetra_ros.sim.tasks.drive import BASE, mark_name

ROBOT, COLOUR = "mobile_ur5e", "green"
STILL = (0.02, 0.01, 0.02)  # rad/s, m/s, rad/s: what the drives leave of a standstill


@pytest.fixture
def robot():
    driven = DrivenMobile(ROBOT, seed=3)
    yield driven
    driven.world.close()


def joints_along(robot, rows, dt=0.1):
    """The joint targets of a chunk at 100 Hz, from where the robot is."""
    start = robot.world.joint_state().positions
    points = np.vstack([start, rows])
    times = np.arange(len(points)) * dt
    return lambda t: np.array([np.interp(t, times, column) for column in points.T])


def reach(robot, expert, judge):
    for _ in range(40):
        rows = expert.action_chunk(robot.world.truth(), robot.world.joint_state().positions, "reach", COLOUR)
        robot.go(0.2, arm=joints_along(robot, rows), base=(0.0, 0.0))
        if judge.update(robot.world.truth()):
            return True
    return False


def drive(robot, expert, judge):
    for _ in range(300):
        rows = expert.action_chunk(robot.world.truth(), np.zeros(6), "drive", COLOUR, 1)
        robot.go(0.1, base=(rows[0, 0], rows[0, 2]))
        if judge.update(robot.world.truth()):
            return True
    return False


def test_it_reaches_stows_its_arm_and_drives_in_one_episode(robot):
    expert = MobileExpert(robot.profile)
    seen = []
    robot.world.on_step(lambda: seen.append(robot.speeds))
    assert reach(robot, expert, Judge(TASKS.get("reach"), COLOUR))
    reached = robot.world.joint_state().positions
    home = np.array([robot.profile.together.stowed[name] for name in robot.profile.joint_names])
    robot.go(4.0, arm=lambda t: reached + min(1.0, t / 2.0) * (home - reached))  # and stands for a while
    assert drive(robot, expert, Judge(TASKS.get("drive"), COLOUR))
    truth = robot.world.truth()
    gap_m = truth.objects[BASE].position_m - truth.objects[mark_name(COLOUR)].position_m
    assert np.hypot(*gap_m[:2]) < 0.1 and robot.mode is Mode.ACTIVE
    assert not robot.world.physics_state().is_touching.any()
    joint, ahead, turning = np.array(seen).T
    assert joint.max() > 0.2 and ahead.max() > 0.2
    is_base_moving = (ahead > STILL[1]) | (turning > STILL[2])
    assert not (is_base_moving & (joint > 0.1)).any()


def test_an_emergency_stop_brings_both_to_rest(robot):
    robot.go(1.0, base=(0.4, 0.0))
    assert robot.speeds[1] > 0.3
    robot._take(robot.gate.estop(robot.now_ns, "by the test"))
    robot.go(1.5, base=(0.4, 0.0))
    assert robot.mode is Mode.EMERGENCY_STOP and max(robot.speeds) < 0.02


def test_a_base_that_goes_on_without_commands_of_its_source_stops_with_its_arm(robot):
    robot.go(1.0, base=(0.4, 0.0))
    robot.go(1.2)
    assert max(robot.speeds) < 0.02 and any(
        "no command" in event.verdict.reason for event in robot.events if event.verdict.check == "stale"
    )
