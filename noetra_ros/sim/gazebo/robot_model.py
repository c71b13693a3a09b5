"""A robot's URDF as an SDF model: links, joints with limits and drives, visuals, collisions.

Frames are kept as the URDF has them: each joint's pose is given in its parent link, each link's in its joint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.simulation import FingerBox, SimSettings
from noetra_ros.sim.gazebo.shapes import add_friction, add_geometry, add_material
from noetra_ros.sim.gazebo.writing import add, add_pose
from noetra_ros.sim.scene_description import Box, Mount, Surface, Triple, upright
from noetra_ros.sim.surfaces import (
    FINGER_FRICTION,
    JOINT_DAMPING_NMS,
    PAD_FRICTION,
)

NO_MASS_KG = 1e-6  # what is fixed and weighs less is a mark on its parent
CASTER = "caster"  # collisions called so slide without friction
NOTHING = "0 0 0"


@dataclass(frozen=True)
class Drive:
    """Largest torque (Nm) or force (N) of a joint, and its damping."""

    effort: float
    damping: float


def drives_of(profile: RobotProfile) -> dict[str, Drive]:
    """Those that the profile's servos have, by joint."""
    settings = profile.sim or SimSettings("")
    return {name: Drive(servo.torque_nm, JOINT_DAMPING_NMS) for name, servo in settings.servos.items()}


def robot_model(profile: RobotProfile, urdf: Element, mount: Mount) -> Element:
    """`model` of the robot, without sensors and plugins.

    Args:
        profile: the robot.
        urdf: root of its URDF, its meshes in the folder that is written.
        mount: whether its base is fixed to the world.

    Raises:
        ConfigError: a link that moves has no mass, or a joint is of a type that is not known here.
    """
    model = Element("model", name=profile.name)
    add(model, "self_collide", False)
    boxes = profile.sim.hand.boxes if profile.sim is not None and profile.sim.hand is not None else {}
    bare = {profile.base_frame, *(box.link for box in boxes.values())} if mount is Mount.FIXED else set()
    joint_of = {_name_in(joint, "child"): joint for joint in urdf.findall("joint")}
    colours = _colours(urdf)
    marks = {name for name in joint_of if _is_mark(urdf, joint_of[name], name)}
    for link in urdf.findall("link"):
        name = link.get("name", "")
        if name in marks:
            _add_mark(model, name, joint_of[name])
            continue
        element = add(model, "link", name=name)
        if name in joint_of:
            add(element, "pose", f"{NOTHING} {NOTHING}", relative_to=joint_of[name].get("name", ""))
        _add_inertial(element, link, profile.name)
        _add_visuals(element, link, colours)
        if name not in bare:
            _add_collisions(element, link)
        for box_name, box in boxes.items():
            if box.link == name:
                _add_finger(element, box_name, box)
    if mount is Mount.FIXED:
        _add_fixed_base(model, profile.base_frame)
    drives = drives_of(profile)
    for child, joint in joint_of.items():
        if child not in marks:
            _add_joint(model, joint, drives, profile.name)
    return model


def _name_in(joint: Element, tag: str) -> str:
    element = joint.find(tag)
    return "" if element is None else element.get("link", "")


def _number_in(link: Element, path: str) -> float:
    element = link.find(path)
    return 0.0 if element is None else float(element.get("value", 0.0))


def _is_mark(urdf: Element, joint: Element, name: str) -> bool:
    """A link without mass that is fixed to its parent: a frame, in SDF."""
    (link,) = [each for each in urdf.findall("link") if each.get("name") == name]
    return joint.get("type") == "fixed" and _number_in(link, "inertial/mass") < NO_MASS_KG


def _place(element: Element) -> str:
    """Pose of a URDF element: x y z roll pitch yaw, which SDF means alike."""
    origin = element.find("origin")
    if origin is None:
        return f"{NOTHING} {NOTHING}"
    return f"{origin.get('xyz', NOTHING)} {origin.get('rpy', NOTHING)}"


def _add_mark(model: Element, name: str, joint: Element) -> None:
    parent = _name_in(joint, "parent")
    add(add(model, "frame", name=name, attached_to=parent), "pose", _place(joint), relative_to=parent)


def _add_fixed_base(model: Element, base_frame: str) -> None:
    joint = add(model, "joint", name="mount", type="fixed")
    add(joint, "parent", "world")
    add(joint, "child", base_frame)


def _add_inertial(element: Element, link: Element, robot: str) -> None:
    given = link.find("inertial")
    if given is None or _number_in(link, "inertial/mass") < NO_MASS_KG:
        expected = "mass and inertia: a link that moves has them"
        raise single_fault(f"URDF of {robot}", f"link {link.get('name')}", "no mass", expected)
    inertial = add(element, "inertial")
    add(inertial, "pose", _place(given))
    add(inertial, "mass", _number_in(link, "inertial/mass"))
    inertia, source = add(inertial, "inertia"), given.find("inertia")
    for tag in ("ixx", "ixy", "ixz", "iyy", "iyz", "izz"):
        add(inertia, tag, source.get(tag, "0") if source is not None else "0")


def _colours(urdf: Element) -> dict[str, Triple]:
    """RGB of the URDF's named materials."""
    found = {}
    for material in urdf.iter("material"):
        colour = material.find("color")
        if colour is not None:
            red, green, blue = (float(word) for word in colour.get("rgba", "").split()[:3])
            found[material.get("name", "")] = (red, green, blue)
    return found


def _add_visuals(element: Element, link: Element, colours: Mapping[str, Triple]) -> None:
    for number, given in enumerate(link.findall("visual")):
        visual = add(element, "visual", name=f"visual_{number}")
        add(visual, "pose", _place(given))
        _copy_geometry(visual, given)
        material = given.find("material")
        name = "" if material is None else material.get("name", "")
        if name in colours:
            add_material(visual, colours[name])


def _add_collisions(element: Element, link: Element) -> None:
    for number, given in enumerate(link.findall("collision")):
        name = given.get("name", f"collision_{number}")
        collision = add(element, "collision", name=name)
        add(collision, "pose", _place(given))
        _copy_geometry(collision, given)
        if name.startswith(CASTER):
            add_friction(collision, Surface(0.0))


def _copy_geometry(element: Element, given: Element) -> None:
    geometry = add(element, "geometry")
    (shape,) = given.findall("geometry/*")
    if shape.tag == "mesh":
        mesh = add(geometry, "mesh")
        add(mesh, "uri", mesh_uri(shape.get("filename", "")))
        add(mesh, "scale", shape.get("scale", "1 1 1"))
        return
    copied = add(geometry, shape.tag)
    for key, value in shape.attrib.items():
        add(copied, key, value)


def mesh_uri(filename: str) -> str:
    """Where the generated folder has a mesh of the URDF, whose name may be a URI."""
    return f"meshes/{unquote(filename).rpartition('/')[2]}"


def _add_finger(element: Element, name: str, box: FingerBox) -> None:
    collision = add(element, "collision", name=name)
    add_pose(collision, upright(*box.centre_m, box.turn_rad))
    add_geometry(collision, Box(box.half_m))
    add_friction(collision, Surface(PAD_FRICTION[0] if box.is_pad else FINGER_FRICTION[0]))


def _add_joint(model: Element, given: Element, drives: Mapping[str, Drive], robot: str) -> None:
    name, kind = given.get("name", ""), given.get("type", "")
    if kind not in ("revolute", "prismatic", "continuous", "fixed"):
        expected = "revolute, prismatic, continuous or fixed"
        raise single_fault(f"URDF of {robot}", f"joint {name}", kind, expected)
    joint = add(model, "joint", name=name, type=kind)
    parent = _name_in(given, "parent")
    add(joint, "pose", _place(given), relative_to=parent)
    add(joint, "parent", parent)
    add(joint, "child", _name_in(given, "child"))
    if kind == "fixed":
        return
    axis, direction = add(joint, "axis"), given.find("axis")
    add(axis, "xyz", "1 0 0" if direction is None else direction.get("xyz", "1 0 0"))
    limits, drive = given.find("limit"), drives.get(name)
    limit = add(axis, "limit")
    for tag, without in (("lower", "-1e16"), ("upper", "1e16"), ("velocity", ""), ("effort", "")):
        value = (limits.get(tag, "") if limits is not None else "") or without
        if tag == "effort" and drive is not None:
            value = repr(drive.effort)
        if kind == "continuous" and tag in ("lower", "upper"):
            value = without
        if value:
            add(limit, tag, value)
    if drive is not None:
        add(add(axis, "dynamics"), "damping", drive.damping)
