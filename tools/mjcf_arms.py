"""Arms of MuJoCo's XML as one URDF: the same arm several times, each at its place, under a prefix of its own.

Takes links, inertias, joints and meshes. What MuJoCo's file says of drives is not taken: limits of effort and
speed, and the ways of joints that slide, are given by who knows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

import numpy as np
from scipy.spatial.transform import Rotation

Element = ElementTree.Element


@dataclass(frozen=True)
class Arm:
    """One arm and where it stands.

    Attributes:
        text: MuJoCo's XML of its bodies.
        prefix: put before the names of links and joints.
        place_m: of its foot, frame of the root link.
        yaw_rad: turn of its foot.
    """

    text: str
    prefix: str
    place_m: tuple[float, float, float]
    yaw_rad: float


@dataclass(frozen=True)
class Slide:
    """A joint that slides, as a finger of a gripper.

    Attributes:
        name: that it gets.
        lower_m: lowest position.
        upper_m: highest position.
        effort_n: most force.
        speed_mps: highest speed.
        mimics: joint, as it is called in the result, that a mechanism couples it to; empty = it is driven.
        ratio: it is at ratio times the position of that joint.
    """

    name: str
    lower_m: float
    upper_m: float
    effort_n: float
    speed_mps: float
    mimics: str = ""
    ratio: float = 1.0


@dataclass(frozen=True)
class Reading:
    """What is made of the bodies.

    Attributes:
        meshes: file by mesh name.
        scale: of the meshes, to m.
        limits: effort (Nm) and speed (rad/s) by joint that turns.
        slides: joints that slide, by the name that MuJoCo's file has.
        dropped: bodies that are left out.
        tool: name, body that carries it and place in it, m.
    """

    meshes: Mapping[str, str]
    scale: float
    limits: Mapping[str, tuple[float, float]]
    tool: tuple[str, str, tuple[float, float, float]]
    slides: Mapping[str, Slide] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()


def urdf_text(name: str, root: str, arms: tuple[Arm, ...], reading: Reading) -> str:
    """The URDF of all arms on one root link."""
    result = ElementTree.Element("robot", name=name)
    ElementTree.SubElement(result, "link", name=root)
    for arm in arms:
        writer = _Writer(arm.prefix, reading)
        foot = ElementTree.fromstring(arm.text).find("body")
        assert foot is not None, "an arm has a body"
        turn = Rotation.from_euler("z", arm.yaw_rad)
        writer.link(foot, "base_link")
        writer.joint("base", "fixed", root, f"{arm.prefix}base_link", np.array(arm.place_m), turn)
        writer.children(foot, "base_link")
        tool, carrier, place_m = reading.tool
        writer.plain_link(tool)
        ends = (arm.prefix + carrier, arm.prefix + tool)
        writer.joint(tool, "fixed", *ends, np.array(place_m), Rotation.identity())
        result.extend(writer.elements)
    return ElementTree.tostring(result, encoding="unicode")


class _Writer:
    """Elements of one arm."""

    def __init__(self, prefix: str, reading: Reading) -> None:
        self._prefix, self._reading = prefix, reading
        self.elements: list[Element] = []

    def children(self, body: Element, parent: str) -> None:
        """Links and joints beyond a body."""
        for child in body.findall("body"):
            name = _short(child.get("name", ""))
            if name in self._reading.dropped or child.find("inertial") is None:
                continue
            self.link(child, name)
            self._joint_of(child, parent, name)
            self.children(child, name)

    def _joint_of(self, child: Element, parent: str, name: str) -> None:
        place = (_numbers(child, "pos", (0, 0, 0)), _turn(child))
        found = child.find("joint")
        ends = (self._prefix + parent, self._prefix + name)
        if found is None:
            self.joint(name, "fixed", *ends, *place)
            return
        joint = _short(found.get("name", ""))
        if joint in self._reading.slides:
            self._slide(found, self._reading.slides[joint], ends, place)
            return
        made = self.joint(joint, "revolute", *ends, *place)
        lower, upper = _numbers(found, "range", (0, 0))
        _axis_and_limit(made, found, (lower, upper, *self._reading.limits[joint]))

    def _slide(
        self, found: Element, slide: Slide, ends: tuple[str, str], place: tuple[np.ndarray, Rotation]
    ) -> None:
        made = self.joint(slide.name, "prismatic", *ends, *place)
        _axis_and_limit(made, found, (slide.lower_m, slide.upper_m, slide.effort_n, slide.speed_mps))
        if slide.mimics:
            leader, ratio = self._prefix + slide.mimics, f"{slide.ratio:.6g}"
            ElementTree.SubElement(made, "mimic", joint=leader, multiplier=ratio, offset="0")

    def joint(
        self, name: str, kind: str, parent: str, child: str, place_m: np.ndarray, turn: Rotation
    ) -> Element:
        """A joint without axis and limits."""
        made = ElementTree.Element("joint", name=self._prefix + name, type=kind)
        made.append(_origin(place_m, turn))
        ElementTree.SubElement(made, "parent", link=parent)
        ElementTree.SubElement(made, "child", link=child)
        self.elements.append(made)
        return made

    def plain_link(self, name: str) -> Element:
        """A link without anything."""
        made = ElementTree.Element("link", name=self._prefix + name)
        self.elements.append(made)
        return made

    def link(self, body: Element, name: str) -> None:
        """A link with its inertia and meshes."""
        made = self.plain_link(name)
        inertial = body.find("inertial")
        if inertial is not None:
            made.append(_inertial(inertial))
        for geom in body.findall("geom"):
            visual = ElementTree.SubElement(made, "visual")
            visual.append(_origin(_numbers(geom, "pos", (0, 0, 0)), _turn(geom)))
            shape = ElementTree.SubElement(visual, "geometry")
            file, scale = self._reading.meshes[geom.get("mesh", "")], self._reading.scale
            ElementTree.SubElement(shape, "mesh", filename=file, scale=f"{scale} {scale} {scale}")


def _axis_and_limit(made: Element, said: Element, limits: tuple[float, float, float, float]) -> None:
    """Axis as MuJoCo's file says it; lowest and highest position, effort and speed."""
    ElementTree.SubElement(made, "axis", xyz=said.get("axis", "0 0 1"))
    says = zip(("lower", "upper", "effort", "velocity"), limits, strict=True)
    ElementTree.SubElement(made, "limit", {key: f"{value:.6g}" for key, value in says})


def _inertial(said: Element) -> Element:
    """MuJoCo gives the moments about the principal axes and how these are turned."""
    made = ElementTree.Element("inertial")
    made.append(_origin(_numbers(said, "pos", (0, 0, 0)), Rotation.identity()))
    ElementTree.SubElement(made, "mass", value=said.get("mass", "0"))
    axes = _turn(said).as_matrix()
    tensor = axes @ np.diag(_numbers(said, "diaginertia", (0, 0, 0))) @ axes.T
    cells = {"ixx": (0, 0), "ixy": (0, 1), "ixz": (0, 2), "iyy": (1, 1), "iyz": (1, 2), "izz": (2, 2)}
    ElementTree.SubElement(made, "inertia", {key: f"{tensor[at]:.6g}" for key, at in cells.items()})
    return made


def _short(name: str) -> str:
    return name.rpartition("/")[2]


def _numbers(element: Element, key: str, default: tuple[float, ...]) -> np.ndarray:
    return np.array([float(word) for word in element.get(key, "").split()] or default)


def _turn(element: Element) -> Rotation:
    """MuJoCo's quaternions are wxyz; its Euler angles turn about the axes as they have been turned."""
    if (quat := element.get("quat")) is not None:
        return Rotation.from_quat([float(word) for word in quat.split()], scalar_first=True)
    return Rotation.from_euler("XYZ", _numbers(element, "euler", (0, 0, 0)))


def _origin(place_m: np.ndarray, turn: Rotation) -> Element:
    words = [" ".join(f"{value:.6g}" for value in row + 0.0) for row in (place_m, turn.as_euler("xyz"))]
    return ElementTree.Element("origin", xyz=words[0], rpy=words[1])
