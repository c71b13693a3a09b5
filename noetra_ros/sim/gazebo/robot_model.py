"""A robot's URDF as an SDF model: links, joints with limits and drives, visuals, collisions.

Frames are kept as the URDF has them: each joint's pose is given in its parent link, each link's in its joint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.simulation import FingerBox, SimSettings
from noetra_ros.sim.gazebo.frames import NOTHING, WORLD, Frames, carrier, frames_of, place
from noetra_ros.sim.gazebo.mended_urdf import NO_MASS_KG, mass_of
from noetra_ros.sim.gazebo.shapes import (
    add_friction,
    add_geometry,
    add_material,
    add_part,
    visual_name,
)
from noetra_ros.sim.gazebo.writing import add, add_pose
from noetra_ros.sim.scene_description import Box, Mark, Mount, Surface, Triple, upright
from noetra_ros.sim.surfaces import (
    FINGER_FRICTION,
    JOINT_DAMPING_NMS,
    PAD_FRICTION,
)

CASTER = "caster"  # collisions called so slide without friction


@dataclass(frozen=True)
class Drive:
    """Largest torque (Nm) or force (N) of a joint, and its damping."""

    effort: float
    damping: float


def drives_of(profile: RobotProfile) -> dict[str, Drive]:
    """Those that the profile's servos have, by joint."""
    settings = profile.sim or SimSettings("")
    return {name: Drive(servo.torque_nm, JOINT_DAMPING_NMS) for name, servo in settings.servos.items()}


def robot_model(profile: RobotProfile, urdf: Element, mount: Mount, base_is_solid: bool = False) -> Element:
    """`model` of the robot, without sensors and plugins.

    Args:
        profile: the robot.
        urdf: root of its URDF, its meshes in the folder that is written.
        mount: whether its base is fixed to the world.
        base_is_solid: the base link of an arm can be touched.

    Raises:
        ConfigError: a link that moves has no mass, or a joint is of a type that is not known here.
    """
    model = Element("model", name=profile.name)
    add(model, "self_collide", False)
    boxes = profile.sim.hand.boxes if profile.sim is not None and profile.sim.hand is not None else {}
    bare = {box.link for box in boxes.values()} if mount is Mount.FIXED else set()
    bare |= {profile.base_frame} if mount is Mount.FIXED and not base_is_solid else set()
    colours, frames = _colours(urdf), frames_of(urdf, mount)
    for link in urdf.findall("link"):
        name = link.get("name", "")
        if frames.add(model, name):
            continue
        element = add(model, "link", name=name)
        if name in frames.joint_of:
            joint = frames.joint_of[name].get("name", "")
            add(element, "pose", f"{NOTHING} {NOTHING}", relative_to=joint)
        _add_inertial(element, link, profile.name)
        _add_visuals(element, link, colours)
        if name not in bare:
            _add_collisions(element, link)
        for box_name, box in boxes.items():
            if box.link == name:
                _add_finger(element, box_name, box)
    if mount is Mount.FIXED and not frames.root_frame:
        _add_fixed_base(model, frames.root)
    _add_joints(model, frames, profile)
    return model


def _add_fixed_base(model: Element, root: str) -> None:
    joint = add(model, "joint", name="mount", type="fixed")
    add(joint, "parent", WORLD)
    add(joint, "child", root)


def _add_inertial(element: Element, link: Element, robot: str) -> None:
    given = link.find("inertial")
    if given is None or mass_of(link) < NO_MASS_KG:
        expected = "mass and inertia: a link that moves has them"
        raise single_fault(f"URDF of {robot}", f"link {link.get('name')}", "no mass", expected)
    inertial = add(element, "inertial")
    add(inertial, "pose", place(given))
    add(inertial, "mass", mass_of(link))
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
        add(visual, "pose", place(given))
        _copy_geometry(visual, given)
        material = given.find("material")
        name = "" if material is None else material.get("name", "")
        if name in colours:
            add_material(visual, colours[name])


def _add_collisions(element: Element, link: Element) -> None:
    for number, given in enumerate(link.findall("collision")):
        name = given.get("name", f"collision_{number}")
        collision = add(element, "collision", name=name)
        add(collision, "pose", place(given))
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


def _add_joints(model: Element, frames: Frames, profile: RobotProfile) -> None:
    drives = drives_of(profile)
    for child, given in frames.joint_of.items():
        if child in frames.marks:
            continue
        name, kind = given.get("name", ""), given.get("type", "")
        if kind not in ("revolute", "prismatic", "continuous", "fixed"):
            expected = "revolute, prismatic, continuous or fixed"
            raise single_fault(f"URDF of {profile.name}", f"joint {name}", kind, expected)
        joint = add(model, "joint", name=name, type=kind)
        frames.place_joint(joint, given)
        if kind != "fixed":
            _add_axis(joint, given, kind, drives.get(name))


def _add_axis(joint: Element, given: Element, kind: str, drive: Drive | None) -> None:
    axis, direction = add(joint, "axis"), given.find("axis")
    add(axis, "xyz", "1 0 0" if direction is None else direction.get("xyz", "1 0 0"))
    limits = given.find("limit")
    says = {} if limits is None else dict(limits.items())
    limit = add(axis, "limit")
    for tag, without in (("lower", "-1e16"), ("upper", "1e16")):
        add(limit, tag, without if kind == "continuous" else says.get(tag) or without)
    for tag in ("velocity", "effort"):
        value = repr(drive.effort) if tag == "effort" and drive is not None else says.get(tag, "0")
        if float(value) > 0.0:  # 0: many URDFs say so where they know none
            add(limit, tag, value)
    if drive is not None:
        add(add(axis, "dynamics"), "damping", drive.damping)


def add_marks(model: Element, marks: Iterable[Mark]) -> None:
    """Puts a scene's marks on the robot."""
    for mark in marks:
        link = carrier(model, mark.link)
        add_part(link, mark.part)
        pose = link.find(f"visual[@name='{visual_name(mark.part)}']/pose")
        if pose is not None and link.get("name") != mark.link:
            pose.set("relative_to", mark.link)
