"""Spaces of a robot's surroundings that its links, or its tool's direction, may not come into."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting


@dataclass(frozen=True)
class KeepOutBox:
    """Box that no moving link may enter, base frame."""

    lower_m: tuple[float, float, float] = setting("m", "lowest corner x, y, z")
    upper_m: tuple[float, float, float] = setting("m", "highest corner x, y, z")
    links: tuple[str, ...] = setting(
        description="links that are kept out; empty = all that joints move", default=()
    )


@dataclass(frozen=True)
class ToolTilt:
    """Cone that an axis of the tool stays in: a full cup, a hot nozzle."""

    tool_axis: tuple[float, float, float] = setting(description="axis of the tool link, any length")
    base_axis: tuple[float, float, float] = setting(
        description="axis of the base frame that it is held against, any length"
    )
    most_rad: float = setting("rad", "largest angle between the two", minimum=0.01, maximum=3.1)
