"""The barrier of tool speeds: what it says of the tools of a robot, and when there is none."""

import dataclasses

import numpy as np
import pytest
from supervised import SETTINGS

from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.projection.barrier import Body, SpeedBarrier, build_barriers

SLOW = dataclasses.replace(SETTINGS, tool_speed_mps=0.25)


def made(robot, settings=SLOW):
    (barrier,) = build_barriers(["tool_speed"], load_robot(robot), settings)
    return barrier


def test_it_limits_speeds_and_no_postures():
    barrier = made("so101")
    assert isinstance(barrier, SpeedBarrier) and barrier.most_mps == 0.25
    assert (barrier.names, barrier.speed_names, barrier.unit) == ((), ("the speed of the tool",), "m/s")
    assert barrier.reach.shape == (0, 6) and barrier.room(np.zeros(6), []).shape == (0,)
    assert barrier.gradient([]).shape == (0, 6) and barrier.left_out == ()


def test_each_tool_of_two_arms_has_its_own():
    barrier = made("aloha")
    assert barrier.speed_names == tuple(
        f"the speed of {box.tool_link}" for box in load_robot("aloha").tool_boxes
    )
    names = np.array(load_robot("aloha").joint_names)
    for row, side in enumerate(("left", "right")):
        levers = np.abs(barrier.speed_jacobian(np.full(len(names), 0.3), row)).max(axis=0)
        assert {name.partition("_")[0] for name in names[levers > 0.0]} == {side}
        assert (levers > 0.0).sum() >= 4


@pytest.mark.parametrize("robot", ["so101", "aloha", "ur5e"])
def test_its_jacobian_is_the_change_of_the_tools_place_and_its_reach_the_most_of_it(robot):
    profile = load_robot(robot)
    barrier, tools = made(robot), Body(profile, SLOW).tools
    ends = np.array([(joint.lower_rad, joint.upper_rad) for joint in profile.joints.values()]).T
    draw, step, most_bend = np.random.default_rng(1), 1e-6, 0.0
    for _ in range(20):
        here = draw.uniform(*ends)
        for row, (kinematics, _) in enumerate(tools):
            ways = [
                kinematics.tool_position(here + d) - kinematics.tool_position(here - d)
                for d in step * np.eye(len(here))
            ]
            jacobian = barrier.speed_jacobian(here, row)
            assert jacobian == pytest.approx(np.array(ways).T / (2.0 * step), abs=1e-6)
            assert (np.linalg.norm(jacobian, axis=0) <= barrier.speed_reach[row] + 1e-9).all()
            bends = [
                np.linalg.norm(
                    barrier.speed_jacobian(here + d, row) - barrier.speed_jacobian(here - d, row), axis=0
                )
                for d in step * np.eye(len(here))
            ]
            assert (np.array(bends) / (2.0 * step) <= barrier.speed_bend[row] + 1e-6).all()
            most_bend = np.maximum(most_bend, np.array(bends) / (2.0 * step))
    assert most_bend.max() > 0.3 * barrier.speed_bend.max(), "a bound that is met, nearly"


def test_many_postures_at_once_are_those_one_by_one():
    barrier = made("aloha")
    postures = np.random.default_rng(2).uniform(-1.0, 1.0, (9, len(load_robot("aloha").joint_names)))
    for row in range(2):
        one_by_one = np.array([barrier.speed_jacobian(posture, row) for posture in postures])
        assert barrier.speed_jacobians(postures, row) == pytest.approx(one_by_one, abs=1e-12)


def test_there_is_none_without_a_tool():
    bare = dataclasses.replace(load_robot("so101"), workspace=None)
    assert build_barriers(["tool_speed"], bare, SLOW) == []
