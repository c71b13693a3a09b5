"""Controllers of ros2_control in Gazebo: those of the profile's channels, the base's, and their hardware.

diff_drive_controller: ros-controls/ros2_controllers ed360c97d6e9 (branch jazzy). Hardware and its keys:
ros-controls/gz_ros2_control fa9ced4713b6 (branch jazzy), gz_hardware_plugins.xml and src/gz_system.cpp.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.controllers import (
    COMMAND_WORDS,
    JOINT_STATES,
    Controller,
    controller_type,
    controllers_of,
)
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.robots.ros2_control_urdf import Hardware, HardwareJoint, command_interfaces
from noetra_ros.robots.simulation import Chassis
from noetra_ros.sim.gazebo.chassis import wheel_joints

HARDWARE = Hardware("gazebo", "gz_ros2_control/GazeboSimSystem", ("velocity", "effort"))
BASE_CONTROLLER = "base_controller"
DIFF_DRIVE = "diff_drive_controller/DiffDriveController"


def gazebo_controllers(profile: RobotProfile) -> tuple[Controller, ...]:
    """Those of the profile's channels, and one for the base where Gazebo makes its chassis.

    Raises:
        ConfigError: a topic that no controller of ros2_control can have: nothing else takes commands there.
    """
    faults = _topic_faults(profile)
    if faults:
        raise ConfigError(f"robot {profile.name} in Gazebo", faults)
    chassis = profile.sim.chassis if profile.sim is not None else None
    if chassis is None or profile.base is None:
        return controllers_of(profile)
    given, wheels = _base_parameters(profile, chassis), wheel_joints()
    base = Controller(BASE_CONTROLLER, DIFF_DRIVE, given, joints=wheels, interface="velocity")
    return (*controllers_of(profile), base)


def _topic_faults(profile: RobotProfile) -> list[Fault]:
    remedy = "controllers of ros2_control take no other; name the topic so"
    faults = []
    states = profile.streams.get(JOINT_STATES)
    if states is not None and states.topic != JOINT_STATES:
        expected = f"{JOINT_STATES}, which the joint_state_broadcaster publishes on"
        faults.append(Fault("streams.joint_states.topic", repr(states.topic), expected, remedy))
    for name, channel in profile.channels.items():
        word = COMMAND_WORDS.get(controller_type(channel))
        if word is not None and not re.fullmatch(rf"[^/]+/{word}", channel.topic):
            expected = f"<controller>/{word}"
            faults.append(Fault(f"channels.{name}.topic", repr(channel.topic), expected, remedy))
    return faults


def _base_parameters(profile: RobotProfile, chassis: Chassis) -> dict[str, Any]:
    limits = profile.base
    assert limits is not None, "gazebo_controllers asks for them"
    timeouts = [channel.controller_timeout_s for channel in base_channels(profile).values()]
    known = [timeout for timeout in timeouts if timeout is not None]

    def axis(speed: float, acceleration: float) -> dict[str, float]:
        return {"max_velocity": speed, "min_velocity": -speed, "max_acceleration": acceleration}

    left, right = wheel_joints()
    return {
        "left_wheel_names": [left],
        "right_wheel_names": [right],
        "wheel_separation": chassis.wheel_gap_m,
        "wheel_radius": chassis.wheel_radius_m,
        "base_frame_id": profile.base_frame,
        "enable_odom_tf": False,
        "cmd_vel_timeout": min(known) if known else 0.5,
        "linear": {"x": axis(limits.linear_mps, limits.linear_mps2)},
        "angular": {"z": axis(limits.angular_radps, limits.angular_radps2)},
    }


def base_channels(profile: RobotProfile) -> dict[str, Channel]:
    """Channels that take twists of a base."""
    return {n: c for n, c in profile.channels.items() if c.kind is CommandKind.BASE_TWIST}


def hardware_joints(
    urdf: Element, controllers: Iterable[Controller], home: Mapping[str, float]
) -> list[HardwareJoint]:
    """Joints that move by a command, whose place at the start is known, or that follow such a one.

    What a URDF says to mimic another joint, the hardware moves along: it has no commands, and both are named
    (ros-controls/ros2_control, hardware_interface/src/component_parser.cpp).

    Args:
        urdf: its root.
        controllers: that command them.
        home: positions at the start, rad or m by joint.
    """
    commands = command_interfaces(controllers)
    moving = {j.get("name", ""): j for j in urdf.findall("joint") if j.get("type") != "fixed"}
    starts = {name: home.get(name, 0.0) for name in moving if name in commands or name in home}
    for name, joint in moving.items():
        mimic = joint.find("mimic")
        leader = "" if mimic is None else mimic.get("joint", "")
        if mimic is not None and leader in starts and name not in starts:
            ratio, offset = float(mimic.get("multiplier", "1")), float(mimic.get("offset", "0"))
            starts[name] = ratio * starts[leader] + offset
    return [HardwareJoint(name, commands.get(name, ()), starts[name]) for name in moving if name in starts]
