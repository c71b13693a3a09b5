"""ALOHA's grippers: URDF and profile agree, and have the figures of the driver and of the data sets."""

import math

import pytest
from make_robot_assets import ASSETS
from robot_sources import FINGER_M, FINGER_MPS

from noetra_ros.robots.profile import load_robot
from noetra_ros.robots.urdf import followers, read_urdf_joints

SIDES = ("left", "right")
CLOSED_M, OPEN_M = 0.01844, 0.058  # tonyzhaozh/act, constants.py
CRANK_M, ROD_M = 0.022, 0.036  # of the ViperX 300s' gripper, by its driver's configuration


@pytest.fixture(scope="module")
def joints():
    return read_urdf_joints(ASSETS / "aloha" / "aloha.urdf")


def place_m(motor_rad):
    """Of a finger off the middle, as the driver reckons it."""
    return CRANK_M * math.sin(motor_rad) + math.sqrt(ROD_M**2 - (CRANK_M * math.cos(motor_rad)) ** 2)


def test_the_ends_of_the_data_sets_are_those_of_crank_and_rod():
    assert place_m(-0.6213) == pytest.approx(CLOSED_M, abs=1e-5)
    assert place_m(1.4910) == pytest.approx(OPEN_M, abs=2e-4)
    assert pytest.approx(OPEN_M) == CRANK_M + ROD_M


def test_the_speed_is_the_most_that_the_motor_makes_of_its_own():
    steps = [0.001 * k for k in range(-621, 1491)]
    most = max((place_m(rad + 1e-6) - place_m(rad)) / 1e-6 for rad in steps)
    assert most * math.pi == pytest.approx(FINGER_MPS, abs=1e-3)


@pytest.mark.parametrize("side", SIDES)
def test_the_right_finger_mirrors_the_left_one_that_is_driven(joints, side):
    driven = joints[f"{side}_gripper"]
    (mirror,) = followers(joints, [driven.name])
    assert (driven.kind, driven.mimics, driven.effort_nm) == ("prismatic", "", 5.0)
    assert (mirror.name, mirror.kind, mirror.ratio, mirror.offset) == (
        f"{side}_right_finger", "prismatic", -1.0, 0.0,
    )  # fmt: skip
    assert (driven.lower_rad, driven.upper_rad) == FINGER_M
    assert (mirror.lower_rad, mirror.upper_rad) == (-FINGER_M[1], -FINGER_M[0])


@pytest.mark.parametrize("channel", ["arms_and_grippers", "left_gripper", "right_gripper"])
def test_commands_reach_just_the_ends_of_the_data_sets(channel):
    profile = load_robot("aloha")
    reserve = profile.channels[channel].position_reserve_rad
    for name in profile.channels[channel].joints:
        if name.endswith("gripper"):
            limits = profile.joints[name]
            ends = (limits.lower_rad + reserve, limits.upper_rad - reserve)
            assert ends == pytest.approx((CLOSED_M, OPEN_M))


def test_the_default_channel_has_the_14_numbers_of_the_data_sets():
    profile = load_robot("aloha")
    arm = ("waist", "shoulder", "elbow", "forearm_roll", "wrist_angle", "wrist_rotate", "gripper")
    names = tuple(f"{side}_{joint}" for side in SIDES for joint in arm)
    assert profile.channel().joints == profile.joint_names == names
    assert profile.channels["arms"].joints == tuple(n for n in names if not n.endswith("gripper"))
