"""Links of a URDF that SDF has as frames: without mass they are marks on what carries them.

A root link without mass and shapes, as many arms have, is the frame of the model itself; where the base does
not move, what is joined to it is joined to the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from noetra_ros.sim.gazebo.mended_urdf import NO_MASS_KG, is_bare, mass_of
from noetra_ros.sim.gazebo.writing import add
from noetra_ros.sim.scene_description import Mount

NOTHING = "0 0 0"
WORLD, MODEL = "world", "__model__"  # words of SDF: nothing else may be called so


@dataclass(frozen=True)
class Frames:
    """Which links of a robot are frames.

    Attributes:
        joint_of: the URDF's joint that carries each link; the root is not among them.
        root: link that carries all others.
        root_frame: the root again, if it is a frame; else empty.
        marks: links without mass that are fixed to others.
        standing: frames that the world carries: the root frame, marks on it, and marks on those.
    """

    joint_of: dict[str, Element]
    root: str
    root_frame: str
    marks: frozenset[str]
    standing: frozenset[str]

    def add(self, model: Element, name: str) -> bool:
        """Adds a link as a frame; False: it is not one."""
        if name == self.root_frame and name != WORLD:
            add(add(model, "frame", name=name), "pose", f"{NOTHING} {NOTHING}")
        if name in self.marks:
            joint = self.joint_of[name]
            parent = self.word(name_in(joint, "parent"))
            frame = add(model, "frame", name=name, attached_to=parent)
            add(frame, "pose", place(joint), relative_to=parent)
        return name in self.marks or name == self.root_frame

    def word(self, name: str) -> str:
        """What SDF calls the frame of a link: the root frame is that of the model."""
        return MODEL if name == self.root_frame else name

    def place_joint(self, joint: Element, given: Element) -> None:
        """Where a joint is and what it joins: its child to its parent, or to the world that carries that."""
        parent = name_in(given, "parent")
        add(joint, "pose", place(given), relative_to=self.word(parent))
        add(joint, "parent", WORLD if parent in self.standing else parent)
        add(joint, "child", name_in(given, "child"))


def frames_of(urdf: Element, mount: Mount) -> Frames:
    """The frames of a robot.

    Args:
        urdf: root of its URDF.
        mount: whether its base is fixed to the world.
    """
    joint_of = {name_in(joint, "child"): joint for joint in urdf.findall("joint")}
    links = {link.get("name", ""): link for link in urdf.findall("link")}
    (root,) = (name for name in links if name not in joint_of)
    root_frame = root if mount is Mount.FIXED and is_bare(links[root]) else ""
    marks = {name for name, joint in joint_of.items() if _is_mark(links[name], joint)}
    standing = {root_frame} - {""}
    while further := {n for n in marks if name_in(joint_of[n], "parent") in standing} - standing:
        standing |= further
    return Frames(joint_of, root, root_frame, frozenset(marks), frozenset(standing))


def _is_mark(link: Element, joint: Element) -> bool:
    return joint.get("type") == "fixed" and mass_of(link) < NO_MASS_KG


def name_in(joint: Element, tag: str) -> str:
    """Link that a joint of a URDF names as `parent` or `child`."""
    element = joint.find(tag)
    return "" if element is None else element.get("link", "")


def place(element: Element) -> str:
    """Pose of a URDF element: x y z roll pitch yaw, which SDF means alike."""
    origin = element.find("origin")
    if origin is None:
        return f"{NOTHING} {NOTHING}"
    return f"{origin.get('xyz', NOTHING)} {origin.get('rpy', NOTHING)}"


def carrier(model: Element, name: str) -> Element:
    """The link called so, or the one that carries the frame called so.

    Raises:
        KeyError: the robot has neither.
    """
    for link in model.findall("link"):
        if link.get("name") == name:
            return link
    for frame in model.findall("frame"):
        if frame.get("name") == name:
            return _carrier_of(model, frame)
    raise KeyError(f"{model.get('name')} has no link {name}")


def _carrier_of(model: Element, frame: Element) -> Element:
    """What is attached to the model itself, its first link carries: such a model does not move."""
    first = model.find("link")
    above = frame.get("attached_to", MODEL)
    return first if above == MODEL and first is not None else carrier(model, above)
