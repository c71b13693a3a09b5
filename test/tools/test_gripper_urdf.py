"""The gripper at the UR5e is what its tool makes of the arm, with the figures of the data sheet."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from gripper_urdf import KNUCKLE, with_gripper
from make_robot_assets import ASSETS, write_urdf

from noetra_ros.robots.profile import load_robot
from noetra_ros.robots.urdf import read_urdf_joints

FOLDER = ASSETS / "ur5e"


def test_the_file_that_ships_is_made_by_the_tool(tmp_path: Path):
    arm = ElementTree.parse(FOLDER / "ur5e.urdf").getroot()
    write_urdf(with_gripper(arm, "tool0"), tmp_path / "made.urdf")
    assert (tmp_path / "made.urdf").read_text() == (FOLDER / "ur5e_gripper.urdf").read_text()


@pytest.mark.parametrize(("knuckle_rad", "opening_m"), [(0.0, 0.085), (0.7929, 0.0)])
def test_stroke(knuckle_rad, opening_m):
    joints = read_urdf_joints(FOLDER / "ur5e_gripper.urdf")
    fingers = [joint for joint in joints.values() if joint.mimics == KNUCKLE]
    assert len(fingers) == 2
    assert sum(f.ratio * knuckle_rad + f.offset for f in fingers) == pytest.approx(opening_m, abs=1e-9)


def test_speed_and_force_of_the_pads():
    joint = read_urdf_joints(FOLDER / "ur5e_gripper.urdf")[KNUCKLE]
    metres_per_rad = 0.085 / 0.7929
    assert joint.velocity_radps * metres_per_rad == pytest.approx(0.150)
    assert joint.effort_nm / metres_per_rad == pytest.approx(235.0)


def test_the_channels_of_the_profile_agree_with_the_urdf():
    profile = load_robot("ur5e")
    opening, knuckle = profile.channels["gripper"].opening, profile.joints[KNUCKLE]
    at = {rad: opening.at_zero_m + opening.per_joint_m * rad for rad in (0.0, 0.7929)}
    assert at == {0.0: pytest.approx(0.085), 0.7929: pytest.approx(0.0, abs=1e-6)}
    assert knuckle.velocity_radps * -opening.per_joint_m == pytest.approx(opening.velocity_mps, abs=1e-4)
    assert knuckle.acceleration_radps2 * -opening.per_joint_m == pytest.approx(1.5, abs=1e-2)
