"""The input has ended: a dead sensor, a pulled plug."""

from __future__ import annotations

from typing import Any

from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings


@INJECTIONS.register("off")
class Silence:
    """Passes nothing on."""

    def __init__(self, settings: FailureSettings) -> None:
        pass

    def take(self, message: Any, now_s: float) -> list[Any]:
        """Nothing."""
        return []
