"""The little that the profile needs from a URDF: where it is, and the limits of its joints."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from noetra_ros.core.errors import single_fault

ASSETS_FOLDER = Path(__file__).resolve().parent / "assets"


@dataclass(frozen=True)
class UrdfJoint:
    """Limits of one movable joint as the URDF states them; infinite where it states none."""

    name: str
    lower_rad: float
    upper_rad: float
    velocity_radps: float


def resolve_urdf(urdf: str) -> Path:
    """Absolute path of a URDF named relative to the package's robot assets, or absolutely.

    Raises:
        ConfigError: no such file.
    """
    path = Path(urdf) if Path(urdf).is_absolute() else ASSETS_FOLDER / urdf
    if not path.is_file():
        raise single_fault("robot profile", "urdf", str(path), "an existing URDF file")
    return path


def read_urdf_joints(path: Path) -> dict[str, UrdfJoint]:
    """Movable joints of a URDF by name.

    Raises:
        ConfigError: the file is not XML.
    """
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise single_fault(str(path), "file", str(error), "a URDF in XML") from error
    joints = (_read_joint(element) for element in root.findall("joint"))
    return {joint.name: joint for joint in joints if joint is not None}


def _read_joint(element: ElementTree.Element) -> UrdfJoint | None:
    kind, name = element.get("type", ""), element.get("name", "")
    if kind not in ("revolute", "prismatic", "continuous"):
        return None
    limit = element.find("limit")
    if limit is None or kind == "continuous":
        speed = float(limit.get("velocity", "inf")) if limit is not None else math.inf
        return UrdfJoint(name, -math.inf, math.inf, speed)
    lower, upper = float(limit.get("lower", "-inf")), float(limit.get("upper", "inf"))
    return UrdfJoint(name, lower, upper, float(limit.get("velocity", "inf")))
