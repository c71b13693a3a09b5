"""Parameters of the live page."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.ros.parameters import NodeSettings
from noetra_ros.view.wording import languages


@dataclass(frozen=True, kw_only=True)
class ViewSettings(NodeSettings):
    """Where the page is, and what it shows."""

    host: str = setting(
        description="address that the page is bound to; another than loopback asks every browser for a token",
        default="127.0.0.1",
    )
    port: int = setting(
        description="of the page; the next free one where it is taken, 0 = any", minimum=0, maximum=65535
    )
    language: str = setting(description="of the page at the beginning", choices=languages(), default="en")
    rate_hz: float = setting("Hz", "how often the page is drawn", minimum=1.0, maximum=60.0)
    picture_rate_hz: float = setting("Hz", "pictures shown of each camera", minimum=0.1, maximum=30.0)
    picture_px: int = setting("px", "longer side of a shown picture", minimum=64, maximum=1920)
    task_time_limit_s: float = setting(
        "s", "how long a sentence of the page is followed", minimum=1.0, maximum=3600.0
    )
