"""Settings of the barriers that motion is held against; config/supervisor.yaml gives them all."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting


@dataclass(frozen=True, kw_only=True)
class BarrierSettings:
    """What barriers take from the configuration, beside the robot profile."""

    obstacle_margin_m: float = setting(
        "m", "arm: kept free around the things that perception sees", minimum=0.0, maximum=0.5
    )
    touch_labels: tuple[str, ...] = setting(
        "",
        "labels of the things and fixtures that an arm may touch and a base carry; not of all others",
    )
    tool_speed_mps: float = setting(
        "m/s",
        "arm: highest speed of each tool, also of one that is told its twist",
        minimum=0.01,
        maximum=20.0,
    )
