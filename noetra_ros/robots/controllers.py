"""Controllers of ros2_control behind the channels of a profile: names, types, parameters, and their file.

Types and parameters: ros-controls/ros2_controllers ed360c97d6e9 (branch jazzy), *_plugin.xml of each package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.profile import Channel, RobotProfile

UPDATE_HZ = 100
BROADCASTER = "joint_state_broadcaster"
BROADCASTING = "joint_state_broadcaster/JointStateBroadcaster"
JOINT_STATES = "joint_states"  # the stream of a profile, and the topic that the broadcaster publishes on
FORWARD = "forward_command_controller/ForwardCommandController"
TRAJECTORY = "joint_trajectory_controller/JointTrajectoryController"
TYPES = {"std_msgs/Float64MultiArray": FORWARD, "trajectory_msgs/JointTrajectory": TRAJECTORY}
# Last word of the topic that a controller listens to, below its own name.
COMMAND_WORDS = {FORWARD: "commands", TRAJECTORY: "joint_trajectory"}
INTERFACES = {
    CommandKind.JOINT_POSITION: "position",
    CommandKind.GRIPPER: "position",
    CommandKind.JOINT_VELOCITY: "velocity",
}


@dataclass(frozen=True)
class Controller:
    """One controller.

    Attributes:
        name: of its node.
        type: as its package exports it.
        parameters: of its node.
        topics: of the profile that it serves.
        joints: that it commands.
        interface: of the hardware by which it does: ``position`` or ``velocity``.
        is_active: started with the others; of several for the same joints one can be.
    """

    name: str
    type: str
    parameters: Mapping[str, Any]
    topics: tuple[str, ...] = ()
    joints: tuple[str, ...] = ()
    interface: str = ""
    is_active: bool = True


def controllers_of(profile: RobotProfile) -> tuple[Controller, ...]:
    """Those that serve the profile; the default channel's is active, others for the same joints are not.

    A channel on a topic that none of them can have is left out: a driver of its own takes it.
    """
    found = []
    if JOINT_STATES in profile.streams:
        found.append(Controller(BROADCASTER, BROADCASTING, {}, (JOINT_STATES,)))
    taken = set(profile.channel().joints)
    for name, channel in profile.channels.items():
        controller = _controller(channel)
        if controller is None:
            continue
        is_active = name == profile.default_channel or not taken & set(channel.joints)
        taken |= set(channel.joints) if is_active else set()
        found.append(replace(controller, is_active=is_active))
    return tuple(found)


def controller_type(channel: Channel) -> str:
    """Type of the controller that takes the commands of a channel; empty = none does."""
    takes_them = channel.kind in INTERFACES and channel.opening is None
    return TYPES.get(channel.message, "") if takes_them else ""


def _controller(channel: Channel) -> Controller | None:
    """None: no controller takes such commands, or none can listen to this topic."""
    kind, (above, _, word) = controller_type(channel), channel.topic.strip("/").rpartition("/")
    if not kind or not above or word != COMMAND_WORDS[kind]:
        return None
    joints, interface = list(channel.joints), INTERFACES[channel.kind]
    if kind == FORWARD:
        given = {"joints": joints, "interface_name": interface}
    else:
        states = ["position", "velocity"]
        given = {"joints": joints, "command_interfaces": [interface], "state_interfaces": states}
    own = above.rpartition("/")[2]
    return Controller(own, kind, given, (channel.topic,), channel.joints, interface)


def parameters_yaml(
    controllers: Iterable[Controller], update_hz: int, prefix: str = "", use_sim_time: bool = False
) -> str:
    """Parameters of the controller manager and of every controller that has some.

    Args:
        controllers: all of them.
        update_hz: of the manager, Hz.
        prefix: before the name of each node: its namespace, from slash to slash; empty = none is said.
        use_sim_time: time comes from /clock.
    """
    clock = {"use_sim_time": True} if use_sim_time else {}
    manager: dict[str, Any] = {"update_rate": update_hz, **clock}
    content: dict[str, Any] = {f"{prefix}controller_manager": {"ros__parameters": manager}}
    for controller in controllers:
        manager[controller.name] = {"type": controller.type}
        if parameters := {**clock, **controller.parameters}:
            content[f"{prefix}{controller.name}"] = {"ros__parameters": parameters}
    return yaml.safe_dump(content, sort_keys=False)


def controllers_yaml(profile: RobotProfile) -> str:
    """The file for a robot's own controller manager.

    Raises:
        ConfigError: no channel of joints whose topic is one of ros2_controllers.
    """
    controllers = controllers_of(profile)
    if not any(controller.joints for controller in controllers):
        words = " or ".join(f"<controller>/{word}" for word in COMMAND_WORDS.values())
        expected = f"joint positions or velocities on {words}"
        raise single_fault(f"robot {profile.name}", "channels", "none of ros2_control", expected)
    head = f"# Controllers behind the channels of {profile.name}, made by `noetra robot controllers`.\n"
    return head + parameters_yaml(controllers, UPDATE_HZ)
