"""The part of a URDF that ros2_control reads: the hardware, its joints and their interfaces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.controllers import Controller, controllers_of
from noetra_ros.robots.mesh_files import mesh_files
from noetra_ros.robots.profile import JointLimits, RobotProfile
from noetra_ros.robots.urdf import read_urdf

# ros-controls/ros2_control 9ffbf97fd679 (branch jazzy), src/mock_components/generic_system.cpp
MOCK = "mock_components/GenericSystem"
# Without it a velocity is put into the state, and the position stays where it is.
MOVES_BY_VELOCITY = {"calculate_dynamics": "true"}


@dataclass(frozen=True)
class Hardware:
    """What stands behind the interfaces.

    Attributes:
        name: of the system.
        plugin: that moves the joints.
        states: that it measures beside positions.
        parameters: of the plugin.
    """

    name: str
    plugin: str
    states: tuple[str, ...] = ("velocity",)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HardwareJoint:
    """A joint of the hardware.

    Attributes:
        name: as in the URDF.
        commands: its command interfaces: ``position``, ``velocity``.
        start: position at the start, rad or m.
        limits: of its commands; None = none are said.
    """

    name: str
    commands: tuple[str, ...]
    start: float = 0.0
    limits: JointLimits | None = None


def add_ros2_control(urdf: Element, hardware: Hardware, joints: Iterable[HardwareJoint]) -> None:
    """Tells in the URDF what moves which joints, in place of what it says about that so far."""
    for old in urdf.findall("ros2_control"):
        urdf.remove(old)
    control = SubElement(urdf, "ros2_control", name=hardware.name, type="system")
    element = SubElement(control, "hardware")
    SubElement(element, "plugin").text = hardware.plugin
    for key, value in hardware.parameters.items():
        SubElement(element, "param", name=key).text = value
    for joint in joints:
        _add_joint(control, joint, hardware.states)


def _add_joint(control: Element, joint: HardwareJoint, states: Sequence[str]) -> None:
    element = SubElement(control, "joint", name=joint.name)
    for interface in joint.commands:
        command = SubElement(element, "command_interface", name=interface)
        for key, value in _range(joint.limits, interface).items():
            SubElement(command, "param", name=key).text = repr(float(value))
    position = SubElement(element, "state_interface", name="position")
    SubElement(position, "param", name="initial_value").text = repr(float(joint.start))
    for state in states:
        SubElement(element, "state_interface", name=state)


def _range(limits: JointLimits | None, interface: str) -> dict[str, float]:
    if limits is None:
        return {}
    if interface == "velocity":
        return {"min": -limits.velocity_radps, "max": limits.velocity_radps}
    return {"min": limits.lower_rad, "max": limits.upper_rad}


def command_interfaces(controllers: Iterable[Controller]) -> dict[str, tuple[str, ...]]:
    """Interfaces that controllers claim, by joint."""
    found: dict[str, dict[str, None]] = {}
    for controller in controllers:
        for joint in controller.joints:
            found.setdefault(joint, {})[controller.interface] = None
    return {joint: tuple(interfaces) for joint, interfaces in found.items()}


def mock_urdf(profile: RobotProfile) -> str:
    """The robot's URDF with hardware that does what it is told: no robot, no simulation.

    A joint that no controller of the profile commands can be told a position.

    Raises:
        ConfigError: no URDF, or meshes that are not there.
    """
    if profile.urdf_path is None:
        raise single_fault(f"robot {profile.name}", "urdf", "nothing", "a URDF")
    root = read_urdf(profile.urdf_path)
    for mesh, path in mesh_files(root, profile.urdf_path):
        mesh.set("filename", path.as_uri())
    commands = command_interfaces(controllers_of(profile))
    home = profile.sim.home if profile.sim is not None else {}
    has_velocity = any("velocity" in interfaces for interfaces in commands.values())
    add_ros2_control(
        root,
        Hardware(profile.name, MOCK, parameters=MOVES_BY_VELOCITY if has_velocity else {}),
        [
            HardwareJoint(name, commands.get(name, ("position",)), home.get(name, 0.0), limits)
            for name, limits in profile.joints.items()
        ],
    )
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"
