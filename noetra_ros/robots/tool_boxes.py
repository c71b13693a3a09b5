"""Boxes that tools stay in, one for each tool; and what is wrong with those of a robot with several tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.core.errors import Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.channels import Channel


@dataclass(frozen=True)
class WorkspaceBox:
    """Box that the tool centre point has to stay in, base frame."""

    frame: str = setting(description="frame of the box: the robot's base link")
    tool_link: str = setting(description="link of the URDF whose origin is kept in the box")
    lower_m: tuple[float, float, float] = setting("m", "lowest corner x, y, z")
    upper_m: tuple[float, float, float] = setting("m", "highest corner x, y, z")


def tool_faults(
    first: WorkspaceBox | None, further: Mapping[str, WorkspaceBox], channels: Mapping[str, Channel]
) -> list[Fault]:
    """What is wrong with the boxes of a robot with several tools. Twists of one of them are refused: a twist
    moves the first tool, and where joints that it uses take another one nobody would judge.

    Args:
        first: that of `workspace`.
        further: those of `further_tools`, by name.
        channels: by name.
    """
    if not further:
        return []
    faults = []
    if first is None:
        faults.append(Fault("further_tools", "without workspace", "the box of the first tool: workspace"))
    boxes = [*([first] if first is not None else []), *further.values()]
    links = [box.tool_link for box in boxes]
    for name, box in further.items():
        if first is not None and box.frame != first.frame:
            faults.append(
                Fault(f"further_tools.{name}.frame", repr(box.frame), f"{first.frame}, one for all")
            )
        if links.count(box.tool_link) > 1:
            faults.append(Fault(f"further_tools.{name}.tool_link", repr(box.tool_link), "each tool once"))
    for name, channel in channels.items():
        if channel.kind is CommandKind.EE_TWIST:
            remedy = "command the joints of a robot with several tools"
            faults.append(Fault(f"channels.{name}.kind", "ee_twist", "no twist of one tool", remedy))
    return faults
