"""Settings of the checks that keep a mobile base out of things; config/supervisor.yaml gives them all."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting


@dataclass(frozen=True, kw_only=True)
class FootprintSettings:
    """What the footprint check takes from the configuration."""

    footprint_margin_m: float = setting(
        "m",
        "base: kept free around its footprint, on the way and where it comes to rest",
        minimum=0.0,
        maximum=2.0,
    )
    approach_share: float = setting(
        "1",
        "base: share of its acceleration with which an approach plans to brake",
        minimum=0.05,
        maximum=1.0,
    )
    blind_speed_mps: float = setting(
        "m/s", "base: speed up to which it may drive where no scanner looks", minimum=0.0, maximum=1.0
    )
