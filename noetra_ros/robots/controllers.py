"""ros2_control set-up of a profile: the controllers behind its channels, and mock hardware to try them on."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import yaml

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.robots.urdf import read_urdf

UPDATE_HZ = 100
BROADCASTER = "joint_state_broadcaster"
# What a controller of ros2_controllers listens to, by the end of its topic: its type.
TYPES = {
    "commands": "forward_command_controller/ForwardCommandController",
    "joint_trajectory": "joint_trajectory_controller/JointTrajectoryController",
}
MOCK_PLUGIN = "mock_components/GenericSystem"
INTERFACES = {CommandKind.JOINT_POSITION: "position", CommandKind.JOINT_VELOCITY: "velocity"}


def controllers_yaml(profile: RobotProfile) -> str:
    """Parameters of the controller manager and of a controller for each channel of joints.

    Raises:
        ConfigError: no channel of joints whose topic is one of ros2_controllers.
    """
    manager: dict[str, object] = {"update_rate": UPDATE_HZ}
    manager[BROADCASTER] = {"type": f"{BROADCASTER}/JointStateBroadcaster"}
    parameters: dict[str, object] = {"controller_manager": {"ros__parameters": manager}}
    for name, channel in _controllers(profile):
        manager[name] = {"type": TYPES[_ending(channel)]}
        parameters[name] = {"ros__parameters": _controller(channel)}
    if len(parameters) == 1:
        expected = "one of joint_position or joint_velocity on <controller>/commands or /joint_trajectory"
        raise single_fault(f"robot {profile.name}", "channels", "none of ros2_control", expected)
    head = f"# Controllers behind the channels of {profile.name}, made by `noetra robot controllers`.\n"
    return head + yaml.safe_dump(parameters, sort_keys=False)


def _controllers(profile: RobotProfile) -> Iterator[tuple[str, Channel]]:
    for channel in profile.channels.values():
        name, _, ending = channel.topic.strip("/").rpartition("/")
        if name and ending in TYPES and channel.kind in INTERFACES:
            yield name.rpartition("/")[2], channel


def _ending(channel: Channel) -> str:
    return channel.topic.rpartition("/")[2]


def _controller(channel: Channel) -> dict[str, object]:
    joints, interface = list(channel.joints), INTERFACES[channel.kind]
    if _ending(channel) == "commands":
        return {"joints": joints, "interface_name": interface}
    return {
        "joints": joints,
        "command_interfaces": [interface],
        "state_interfaces": ["position", "velocity"],
        "allow_partial_joints_goal": False,
    }


def mock_urdf(profile: RobotProfile) -> str:
    """The robot's URDF with hardware that does what it is told: no robot, no simulation.

    Raises:
        ConfigError: no URDF.
    """
    if profile.urdf_path is None:
        raise single_fault(f"robot {profile.name}", "urdf", "nothing", "a URDF")
    root = read_urdf(profile.urdf_path)
    for old in root.findall("ros2_control"):
        root.remove(old)
    _absolute_meshes(root, profile)
    system = ElementTree.SubElement(root, "ros2_control", name=profile.name, type="system")
    ElementTree.SubElement(ElementTree.SubElement(system, "hardware"), "plugin").text = MOCK_PLUGIN
    home = profile.sim.home if profile.sim is not None else {}
    for name, limits in profile.joints.items():
        joint = ElementTree.SubElement(system, "joint", name=name)
        command = ElementTree.SubElement(joint, "command_interface", name="position")
        for key, value in (("min", limits.lower_rad), ("max", limits.upper_rad)):
            ElementTree.SubElement(command, "param", name=key).text = str(value)
        state = ElementTree.SubElement(joint, "state_interface", name="position")
        ElementTree.SubElement(state, "param", name="initial_value").text = str(home.get(name, 0.0))
        ElementTree.SubElement(joint, "state_interface", name="velocity")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _absolute_meshes(root: ElementTree.Element, profile: RobotProfile) -> None:
    """Paths beside the URDF no longer hold where the result lies elsewhere."""
    assert profile.urdf_path is not None, "checked by the caller"
    for mesh in root.iter("mesh"):
        path = profile.urdf_path.parent / mesh.get("filename", "")
        if path.is_file():
            mesh.set("filename", f"file://{path}")
