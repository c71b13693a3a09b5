"""The content no longer changes, the stamps do: a frozen driver that looks alive."""

from __future__ import annotations

from typing import Any

from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings

# What says when a message was made, and which one it is.
STAMPS = ("header", "sequence")


@INJECTIONS.register("stuck")
class Stuck:
    """Repeats the first message under the stamps of the later ones."""

    def __init__(self, settings: FailureSettings) -> None:
        self._kept: Any = None

    def take(self, message: Any, now_s: float) -> list[Any]:
        """The first message, stamped as the newest."""
        if self._kept is None:
            self._kept = message
        for field in STAMPS:
            if hasattr(message, field):
                setattr(self._kept, field, getattr(message, field))
        return [self._kept]
