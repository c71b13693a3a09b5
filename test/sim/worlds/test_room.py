"""The base follows a twist, stops by itself, and its scanner sees walls and boxes."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError


def drive(world, linear_mps, angular_radps, seconds):
    for _ in range(round(seconds / 0.02)):
        world.set_twist(linear_mps, angular_radps)
        world.step(10)


def test_a_straight_metre(base_world):
    base_world.reset(0)
    drive(base_world, 0.2, 0.0, 2.0)
    odometry = base_world.odometry()
    assert odometry.position_m == pytest.approx([0.38, 0.0], abs=0.015)  # 20 mm are lost in speeding up
    assert odometry.linear_mps == pytest.approx(0.2, abs=1e-3)


def test_turning_on_the_spot_is_counter_clockwise(base_world):
    base_world.reset(0)
    drive(base_world, 0.0, 0.5, 2.0)
    assert base_world.odometry().yaw_rad == pytest.approx(0.958, abs=0.03)


def test_without_commands_it_stops_within_the_limits_of_the_profile(base_world):
    base_world.reset(0)
    drive(base_world, 0.3, 0.0, 1.0)
    base_world.step(230)  # 0.46 s, still within the time-out of 0.5 s
    assert base_world.odometry().linear_mps == pytest.approx(0.3, abs=1e-3)
    speeds = []
    base_world.on_step(lambda: speeds.append(base_world.physics_state().velocities[0]))
    base_world.step(300)
    assert abs(speeds[-1]) < 1e-3
    assert np.abs(np.diff(speeds)).max() / 0.002 <= base_world.profile.base.linear_mps2 * 1.001


def test_the_scan_sees_the_wall_ahead(base_world):
    base_world.reset(0)
    base_world.show(np.zeros(2), far_boxes(base_world))
    scan = base_world.scan()
    ahead = round(-scan.angle_min_rad / scan.angle_step_rad)
    assert scan.ranges_m[ahead] == pytest.approx(2.45, abs=1e-3)
    left = ahead + round(np.pi / 2 / scan.angle_step_rad)
    assert scan.ranges_m[left] == pytest.approx(2.45, abs=1e-3)


def far_boxes(world):
    poses = world.object_poses()
    poses[1:, 2] = -5.0
    return poses


def test_the_scan_sees_a_box(base_world):
    base_world.reset(0)
    poses = far_boxes(base_world)
    poses[1] = [1.0, 0.0, 0.2, 1, 0, 0, 0]
    base_world.show(np.zeros(2), poses)
    scan = base_world.scan()
    assert scan.ranges_m[round(-scan.angle_min_rad / scan.angle_step_rad)] == pytest.approx(0.85, abs=1e-3)


def test_running_into_a_wall_is_touch(base_world):
    base_world.reset(0)
    base_world.show(np.zeros(2), far_boxes(base_world))
    assert not base_world.physics_state().is_touching.any()
    drive(base_world, 0.6, 0.0, 4.5)
    assert base_world.physics_state().is_touching.all()
    assert base_world.odometry().position_m[0] < 2.3


def test_a_seed_repeats(base_world):
    poses = []
    for seed in (4, 5, 4):
        base_world.reset(seed, "train")
        drive(base_world, 0.3, 0.4, 0.5)
        poses.append(base_world.object_poses())
    assert np.array_equal(poses[0], poses[2])
    assert not np.array_equal(poses[0], poses[1])


def test_nan_and_joints_are_refused(base_world):
    with pytest.raises(ValueError, match="finite"):
        base_world.set_twist(np.nan, 0.0)
    with pytest.raises(ConfigError, match="this robot drives"):
        base_world.set_joint_targets(np.zeros(6))
