"""Controllers of ros2_control for the profile's channels: their types, parameters, and the URDF's part.

Types and parameters: ros-controls/ros2_controllers ed360c97d6e9 (branch jazzy), *_plugin.xml of each package.
Hardware and its keys: ros-controls/gz_ros2_control fa9ced4713b6 (branch jazzy), gz_hardware_plugins.xml and
src/gz_system.cpp.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import yaml

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.robots.simulation import Chassis
from noetra_ros.sim.gazebo.chassis import WHEELS
from noetra_ros.sim.gazebo.writing import add

HARDWARE = "gz_ros2_control/GazeboSimSystem"
BROADCASTER = "joint_state_broadcaster"
BASE_CONTROLLER = "base_controller"
TYPES = {
    BROADCASTER: "joint_state_broadcaster/JointStateBroadcaster",
    "forward": "forward_command_controller/ForwardCommandController",
    "trajectory": "joint_trajectory_controller/JointTrajectoryController",
    "base": "diff_drive_controller/DiffDriveController",
}
# Last word of the topic that a controller listens to, below its own name.
COMMAND_WORDS = {"forward": "commands", "trajectory": "joint_trajectory"}
INTERFACES = {
    CommandKind.JOINT_POSITION: "position",
    CommandKind.GRIPPER: "position",
    CommandKind.JOINT_VELOCITY: "velocity",
}
BY_MESSAGE = {"std_msgs/Float64MultiArray": "forward", "trajectory_msgs/JointTrajectory": "trajectory"}


@dataclass(frozen=True)
class Controller:
    """One controller.

    Attributes:
        name: of its node.
        kind: a key of TYPES.
        parameters: of its node.
        topics: of the profile that it serves.
        is_active: started with the simulation; of several for the same joints one can be.
    """

    name: str
    kind: str
    parameters: Mapping[str, Any]
    topics: tuple[str, ...]
    is_active: bool = True


def controllers_of(profile: RobotProfile) -> tuple[Controller, ...]:
    """Those that serve the profile; the default channel's is active, others for the same joints are not.

    Raises:
        ConfigError: a topic that no controller of ros2_control can have.
    """
    found, faults = [], []
    states = profile.streams.get("joint_states")
    if states is not None:
        if states.topic != "joint_states":
            expected = "joint_states, which the joint_state_broadcaster publishes on"
            faults.append(Fault("streams.joint_states.topic", repr(states.topic), expected))
        found.append(Controller(BROADCASTER, BROADCASTER, {}, ("joint_states",)))
    taken = set(profile.channel().joints)
    for name, channel in profile.channels.items():
        if (kind := controller_kind(channel)) is None:
            continue
        own, _, word = channel.topic.rpartition("/")
        if word != COMMAND_WORDS[kind] or not own or "/" in own:
            expected = f"<controller>/{COMMAND_WORDS[kind]}"
            faults.append(Fault(f"channels.{name}.topic", repr(channel.topic), expected))
            continue
        is_active = name == profile.default_channel or not taken & set(channel.joints)
        taken |= set(channel.joints) if is_active else set()
        found.append(Controller(own, kind, _parameters(kind, channel), (channel.topic,), is_active))
    if faults:
        remedy = "controllers of ros2_control take no other; name the topic so"
        raise ConfigError(f"robot {profile.name} in Gazebo", [_with(fault, remedy) for fault in faults])
    chassis = profile.sim.chassis if profile.sim is not None else None
    if chassis is not None and profile.base is not None:
        found.append(Controller(BASE_CONTROLLER, "base", _base_parameters(profile, chassis), ()))
    return tuple(found)


def _with(fault: Fault, remedy: str) -> Fault:
    return Fault(fault.key, fault.got, fault.expected, remedy)


def controller_kind(channel: Channel) -> str | None:
    """Which controller takes the commands of a channel; None = a base's, or none that there is."""
    if channel.kind not in INTERFACES or channel.opening is not None:
        return None
    kind = BY_MESSAGE.get(channel.message)
    is_lone_velocity = kind == "trajectory" and channel.kind is CommandKind.JOINT_VELOCITY
    return None if is_lone_velocity else kind


def _parameters(kind: str, channel: Channel) -> dict[str, Any]:
    interface = INTERFACES[channel.kind]
    if kind == "forward":
        return {"joints": list(channel.joints), "interface_name": interface}
    return {
        "joints": list(channel.joints),
        "command_interfaces": [interface],
        "state_interfaces": ["position", "velocity"],
    }


def _base_parameters(profile: RobotProfile, chassis: Chassis) -> dict[str, Any]:
    limits = profile.base
    assert limits is not None, "controllers_of asks for them"
    timeouts = [channel.controller_timeout_s for channel in base_channels(profile).values()]
    known = [timeout for timeout in timeouts if timeout is not None]

    def axis(speed: float, acceleration: float) -> dict[str, float]:
        return {"max_velocity": speed, "min_velocity": -speed, "max_acceleration": acceleration}

    left, right = (f"{wheel}_joint" for wheel in WHEELS)
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


def controllers_yaml(controllers: Sequence[Controller], step_s: float, namespace: str) -> str:
    """Parameters of the controller manager and of every controller."""
    below = f"/{namespace}/" if namespace else "/"
    manager: dict[str, Any] = {"update_rate": round(1.0 / step_s), "use_sim_time": True}
    content: dict[str, Any] = {f"{below}controller_manager": {"ros__parameters": manager}}
    for controller in controllers:
        manager[controller.name] = {"type": TYPES[controller.kind]}
        parameters = {"use_sim_time": True, **controller.parameters}
        content[f"{below}{controller.name}"] = {"ros__parameters": parameters}
    return yaml.safe_dump(content, sort_keys=False)


def add_ros2_control(urdf: Element, controllers: Sequence[Controller], home: Mapping[str, float]) -> None:
    """Tells ros2_control in the URDF which joints the simulation has, and where they begin."""
    control = add(urdf, "ros2_control", name="gazebo", type="system")
    add(add(control, "hardware"), "plugin", HARDWARE)
    for joint in urdf.findall("joint"):
        name = joint.get("name", "")
        commands = _commands(controllers, name)
        if joint.get("type") == "fixed" or not (commands or name in home):
            continue
        element = add(control, "joint", name=name)
        for command in commands:
            add(element, "command_interface", name=command)
        position = add(element, "state_interface", name="position")
        add(position, "param", home.get(name, 0.0), name="initial_value")
        for state in ("velocity", "effort"):
            add(element, "state_interface", name=state)


def _commands(controllers: Sequence[Controller], joint: str) -> list[str]:
    """Command interfaces that controllers claim of a joint."""
    found: list[str] = []
    for controller in controllers:
        given = controller.parameters
        if joint in given.get("joints", ()):
            found += (
                [given["interface_name"]] if controller.kind == "forward" else given["command_interfaces"]
            )
        if joint in (*given.get("left_wheel_names", ()), *given.get("right_wheel_names", ())):
            found.append("velocity")
    return list(dict.fromkeys(found))
