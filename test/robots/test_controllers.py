"""Controllers of ros2_control: one for each channel that has one, the default one active, and their file."""

import dataclasses

import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.channels import OpeningLimits
from noetra_ros.robots.controllers import controllers_of, controllers_yaml, parameters_yaml
from noetra_ros.robots.profile import load_robot

OPENING = OpeningLimits(0.0, 0.08, 0.2, 1.0, 20.0, 0.01, 0.004, 0.05)


def test_controllers_have_the_joints_of_their_channel_in_its_order():
    profile = load_robot("so101")
    parameters = yaml.safe_load(controllers_yaml(profile))
    assert set(parameters) == {
        "controller_manager",
        "forward_position_controller",
        "joint_trajectory_controller",
    }
    for name in ("forward_position_controller", "joint_trajectory_controller"):
        assert parameters[name]["ros__parameters"]["joints"] == list(profile.channel().joints)


def test_a_base_has_none():
    with pytest.raises(ConfigError, match=r"none of ros2_control"):
        controllers_yaml(load_robot("diffbot"))


def test_a_topic_of_another_kind_of_driver_has_none():
    arm = load_robot("so101")
    own = dataclasses.replace(arm.channel(), topic="arm/targets")
    profile = dataclasses.replace(arm, channels={**arm.channels, arm.default_channel: own})
    names = [controller.name for controller in controllers_of(profile)]
    assert names == ["joint_state_broadcaster", "joint_trajectory_controller"]


def test_a_gripper_that_is_told_its_opening_has_none():
    arm = load_robot("so101")
    message = "std_msgs/Float64MultiArray"
    gripper = dataclasses.replace(arm.channels["gripper"], topic="hand/commands", message=message)
    told_rad = dataclasses.replace(gripper, effort_nm=None)
    told_m = dataclasses.replace(told_rad, opening=OPENING)
    for channel, expected in ((told_rad, ["hand"]), (told_m, [])):
        profile = dataclasses.replace(arm, channels={"gripper": channel}, default_channel="gripper")
        assert [controller.name for controller in controllers_of(profile)[1:]] == expected


def test_a_velocity_channel_commands_velocities():
    arm = load_robot("so101")
    fast = dataclasses.replace(arm.channel(), kind=CommandKind.JOINT_VELOCITY)
    profile = dataclasses.replace(arm, channels={**arm.channels, arm.default_channel: fast})
    forward = yaml.safe_load(controllers_yaml(profile))["forward_position_controller"]["ros__parameters"]
    assert forward["interface_name"] == "velocity"


def test_prefix_rate_and_clock_are_as_asked_for():
    content = yaml.safe_load(parameters_yaml(controllers_of(load_robot("fr3")), 250, "/left/", True))
    manager = content["/left/controller_manager"]["ros__parameters"]
    assert (manager["update_rate"], manager["use_sim_time"]) == (250, True)
    assert content["/left/joint_state_broadcaster"]["ros__parameters"] == {"use_sim_time": True}
