"""No failure: what the relay itself costs."""

from __future__ import annotations

from typing import Any

from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings


@INJECTIONS.register("ok")
class Unharmed:
    """Passes everything on."""

    def __init__(self, settings: FailureSettings) -> None:
        pass

    def take(self, message: Any, now_s: float) -> list[Any]:
        """The message."""
        return [message]
