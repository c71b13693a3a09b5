"""Camera poses of profile and kinematics are those of the simulated robot."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.camera_mounts import CameraMounts, look_at
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world


def test_poses_are_those_of_the_simulation():
    robot = load_robot("so101")
    world = make_world(robot)
    world.reset(4)
    world.set_joint_targets(np.array([0.5, -0.4, 0.6, 0.3, 0.8, 0.2]))
    world.step(300)
    mounts = CameraMounts(robot)
    for name in robot.cameras:
        pose = mounts.base_from_optical(name, world.joint_state().positions)
        assert pose == pytest.approx(world.camera_pose(name), abs=1e-6), name
    assert mounts.is_carried("wrist") and not mounts.is_carried("front")


def test_looking_down_along_x():
    assert look_at([0, 0, 1], [0, 0, 0], [1, 0, 0]) == pytest.approx(
        np.array([[0, -1, 0], [-1, 0, 0], [0, 0, -1]])
    )


def test_a_link_that_is_not_there_is_told():
    robot = load_robot("diffbot")
    camera = dataclasses.replace(load_robot("so101").cameras["front"], parent_link="mast")
    with pytest.raises(ConfigError, match=r"cameras.eye.parent_link: got 'mast'"):
        CameraMounts(dataclasses.replace(robot, cameras={"eye": camera}))
