"""An arm on a base: both follow their setpoints, and the base stops by itself."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world

PROFILE = load_robot("mobile_ur5e")


@pytest.fixture
def world():
    made = make_world(PROFILE)
    made.reset(1)
    yield made
    made.close()


def test_the_joints_follow_while_the_base_stands(world):
    home = world.joint_state().positions
    goal = home + np.array([0.3, 0.2, -0.2, 0.1, 0.1, 0.2])
    for k in range(100):
        world.set_joint_targets(home + min(1.0, k / 80) * (goal - home))
        world.step(5)
    world.step(100)
    assert world.joint_state().positions == pytest.approx(goal, abs=2e-3)
    assert np.abs(world.odometry().position_m).max() < 2e-3


def test_the_base_carries_the_arm_along_and_stops_without_commands(world):
    tool_m, home = world.truth().tool_point_m, world.joint_state().positions
    for _ in range(100):
        world.set_twist(0.3, 0.0)
        world.step(5)
    went_m = world.odometry().position_m[0]
    assert went_m > 0.08
    assert world.truth().tool_point_m[0] - tool_m[0] == pytest.approx(went_m, abs=5e-3)
    assert world.joint_state().positions == pytest.approx(home, abs=5e-3)
    world.step(800)
    assert abs(world.odometry().linear_mps) < 1e-3


def test_the_state_holds_the_joints_then_the_base(world):
    world.set_twist(0.3, 0.0)
    world.step(200)
    state = world.physics_state()
    assert world.state_names == (*PROFILE.joint_names, "vx", "wz")
    assert np.isnan(state.positions[6:]).all() and np.isfinite(state.positions[:6]).all()
    assert state.velocities[6] == pytest.approx(world.odometry().linear_mps)
    assert state.targets[6] == 0.3 and np.isnan(state.targets[:6]).all()


def test_show_poses_what_a_trace_holds(world):
    poses = world.object_poses()
    poses[0, :2] = [0.5, 0.4]
    positions = np.arange(8) * 0.1
    world.show(positions, poses)
    assert world.object_poses() == pytest.approx(poses)
    assert world.joint_state().positions == pytest.approx(positions[:6])


def test_a_seed_repeats_and_nobody_walks_here(world):
    first = world.object_poses()
    world.reset(1)
    assert np.array_equal(world.object_poses(), first)
    with pytest.raises(ConfigError, match="nobody walks here"):
        world.reset(1, person="walk")


def test_its_default_channel_may_be_the_base():
    made = make_world(dataclasses.replace(PROFILE, default_channel="base"))
    made.set_joint_targets(made.joint_state().positions)
    made.set_twist(0.1, 0.0)
    made.step(100)
    assert made.odometry().linear_mps > 0.02
    made.close()


def test_without_a_chassis_or_base_it_is_not_built():
    with pytest.raises(ConfigError, match="base"):
        make_world(dataclasses.replace(load_robot("ur5e"), sim=PROFILE.sim))
