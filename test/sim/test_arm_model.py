"""The servos hold the arm's weight and follow a smooth stream of setpoints without overshoot."""

import dataclasses
import shutil

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.sim.arm_model import arm_spec


def test_stretched_out_the_arm_sags_less_than_a_hundredth_of_a_radian(arm_world):
    arm_world.reset(0)
    target = np.array([0.0, 0.9, -0.9, 0.0, 0.0, 0.3])
    start = arm_world.joint_state().positions
    for k in range(300):
        arm_world.set_joint_targets(start + min(1.0, k / 200) * (target - start))
        arm_world.step(5)
    assert np.abs(arm_world.joint_state().positions - target).max() < 0.01


def test_a_smooth_move_is_followed_without_overshoot(arm_world):
    arm_world.reset(0)
    start = arm_world.joint_state().positions
    move = np.array([1.0, 0.5, -0.5, -0.5, 1.0, -0.5])
    seen = []
    for k in range(250):
        s = min(1.0, k / 120)
        arm_world.set_joint_targets(start + move * (10 * s**3 - 15 * s**4 + 6 * s**5))
        arm_world.step(5)
        seen.append((arm_world.joint_state().positions - start) / move)
    seen = np.array(seen)
    assert seen.max() < 1.005
    assert seen[-1] == pytest.approx(np.ones(6), abs=0.01)


def test_an_arm_without_a_urdf_is_refused(arm_profile):
    with pytest.raises(ConfigError, match=r"urdf: got nothing, expected a URDF"):
        arm_spec(dataclasses.replace(arm_profile, urdf=""))


def test_meshes_may_be_named_by_package(arm_profile, tmp_path):
    shutil.copytree(arm_profile.urdf_path.parent, tmp_path / "my_arm")
    path = tmp_path / "my_arm" / "so101.urdf"
    path.write_text(path.read_text().replace('"meshes/', '"package://my_arm/meshes/'))
    spec = arm_spec(dataclasses.replace(arm_profile, urdf=str(path)))
    assert spec.compile().nmesh == arm_spec(arm_profile).compile().nmesh == 13


def test_a_mesh_that_is_not_there_is_told(arm_profile, tmp_path):
    path = tmp_path / "so101.urdf"
    path.write_text(arm_profile.urdf_path.read_text())
    with pytest.raises(ConfigError, match=r"mesh: got 'meshes/base_so101_v2\.stl', expected a file"):
        arm_spec(dataclasses.replace(arm_profile, urdf=str(path)))
