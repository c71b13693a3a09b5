"""Elements of SDF and URDF, written tersely: numbers exact, poses with quaternions."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from noetra_ros.sim.scene_description import Pose

Content = str | float | int | bool | Iterable[float]


def text_of(content: Content) -> str:
    """As SDF writes it; numbers so that reading gives back the same bits."""
    if isinstance(content, str):
        return content
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, int | float):
        return repr(content)
    return " ".join(repr(float(value)) for value in content)


def add(parent: Element, tag: str, content: Content | None = None, **attributes: str) -> Element:
    """A new child; gives it back."""
    child = SubElement(parent, tag, attributes)
    if content is not None:
        child.text = text_of(content)
    return child


def add_pose(parent: Element, pose: Pose, relative_to: str = "") -> Element:
    """A pose by quaternion, which SDF knows since 1.9."""
    w, x, y, z = pose.quat_wxyz
    attributes = {"rotation_format": "quat_xyzw", **({"relative_to": relative_to} if relative_to else {})}
    return add(parent, "pose", [*pose.position_m, x, y, z, w], **attributes)


def document(root: Element) -> str:
    """The whole file as text."""
    indent(root)
    return f'<?xml version="1.0"?>\n{tostring(root, encoding="unicode")}\n'
