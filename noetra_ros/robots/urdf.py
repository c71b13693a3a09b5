"""What we read from a URDF ourselves: where it and its meshes are, and the limits of its joints."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from noetra_ros.core.errors import single_fault

ASSETS_FOLDER = Path(__file__).resolve().parent / "assets"
MOVABLE = ("revolute", "prismatic", "continuous")


@dataclass(frozen=True)
class UrdfJoint:
    """Limits of one movable joint as the URDF states them; infinite where it states none.

    Attributes:
        name: of the joint.
        lower_rad: lowest position; m of a joint that slides.
        upper_rad: highest position.
        velocity_radps: highest speed.
        effort_nm: highest torque; N of a joint that slides.
        kind: ``revolute``, ``prismatic`` or ``continuous``.
        mimics: joint that it follows by a mechanism; empty = it moves by itself.
        ratio: it is at ratio times the position of that joint, plus `offset`.
        offset: rad or m.
    """

    name: str
    lower_rad: float
    upper_rad: float
    velocity_radps: float
    effort_nm: float = math.inf
    kind: str = "revolute"
    mimics: str = ""
    ratio: float = 1.0
    offset: float = 0.0


def resolve_urdf(urdf: str) -> Path:
    """Absolute path of a URDF named relative to the package's robot assets, or absolutely.

    Raises:
        ConfigError: no such file.
    """
    path = Path(urdf) if Path(urdf).is_absolute() else ASSETS_FOLDER / urdf
    if not path.is_file():
        raise single_fault("robot profile", "urdf", str(path), "an existing URDF file")
    return path


def read_urdf(path: Path) -> ElementTree.Element:
    """The root element of a URDF. Prefixes that nothing declares, as converters leave them, are taken.

    Raises:
        ConfigError: the file is not XML, or not a URDF (xacro is not worked out here).
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        try:
            root = ElementTree.fromstring(text.encode())
        except ElementTree.ParseError:
            root = ElementTree.fromstring(_declared(text).encode())
    except ElementTree.ParseError as error:
        raise single_fault(str(path), "file", str(error), "a URDF in XML") from error
    if root.tag != "robot":
        raise single_fault(str(path), "file", f"<{root.tag}>", "a URDF, whose root is <robot>")
    if any("xacro" in element.tag for element in root.iter()):
        remedy = f"xacro {path.name} > {path.stem}.urdf"
        raise single_fault(str(path), "file", "xacro elements", "a URDF that is worked out", remedy)
    return root


def _declared(text: str) -> str:
    """The text with every prefix of an attribute declared at the root."""
    prefixes = {*re.findall(r"\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=", text)} - {"xmlns", "xml"}
    missing = [prefix for prefix in sorted(prefixes) if f"xmlns:{prefix}" not in text]
    words = "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in missing)
    return re.sub(r"<robot\b", f"<robot{words}", text, count=1)


def read_urdf_joints(path: Path) -> dict[str, UrdfJoint]:
    """Movable joints of a URDF by name.

    Raises:
        ConfigError: the file is not XML.
    """
    joints = (_read_joint(element) for element in read_urdf(path).findall("joint"))
    return {joint.name: joint for joint in joints if joint is not None}


def _read_joint(element: ElementTree.Element) -> UrdfJoint | None:
    kind, name = element.get("type", ""), element.get("name", "")
    if kind not in MOVABLE:
        return None
    limit, mimic = element.find("limit"), element.find("mimic")
    says = dict(limit.items()) if limit is not None else {}
    speed, effort = float(says.get("velocity", "inf")), float(says.get("effort", "inf"))
    lower, upper = float(says.get("lower", "-inf")), float(says.get("upper", "inf"))
    if kind == "continuous":
        lower, upper = -math.inf, math.inf
    follows = dict(mimic.items()) if mimic is not None else {}
    ratio, offset = float(follows.get("multiplier", "1")), float(follows.get("offset", "0"))
    return UrdfJoint(name, lower, upper, speed, effort, kind, follows.get("joint", ""), ratio, offset)


def position_units(urdf: Path | None, joints: Sequence[str]) -> tuple[str, ...]:
    """Unit of each joint's position: `m` of one that slides, else `rad`, also where there is no URDF."""
    known = read_urdf_joints(urdf) if urdf is not None else {}
    slides = {name for name, joint in known.items() if joint.kind == "prismatic"}
    return tuple("m" if name in slides else "rad" for name in joints)


def followers(joints: Mapping[str, UrdfJoint], leaders: Sequence[str]) -> tuple[UrdfJoint, ...]:
    """Joints that a mechanism couples to one of `leaders`, and that are not told where to be themselves."""
    return tuple(j for j in joints.values() if j.mimics in leaders and j.name not in leaders)


def mesh_folders(urdf: Path) -> list[str]:
    """Folders in which the meshes of a URDF are looked for: by paths relative to it, and by package://name/...

    Packages are found among the folders that the URDF lies in, and in installed ROS packages.
    """
    around = [str(folder) for folder in urdf.parents]
    shares = [f"{prefix}/share" for prefix in _folders_of("AMENT_PREFIX_PATH")]
    return [*around, *shares, *_folders_of("ROS_PACKAGE_PATH")]


def _folders_of(variable: str) -> list[str]:
    return [folder for folder in os.environ.get(variable, "").split(os.pathsep) if folder]
