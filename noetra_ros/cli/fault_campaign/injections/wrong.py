"""Plausible but false: the value of another joint, degrees for radians, a ghost."""

from __future__ import annotations

from typing import Any

from noetra_ros.cli.fault_campaign.falsehoods import LIES, spoilt
from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings


@INJECTIONS.register("wrong")
class Wrong:
    """Replaces the content by a lie that looks like the truth; another one by variant."""

    def __init__(self, settings: FailureSettings) -> None:
        self._variant = settings.variant

    def take(self, message: Any, now_s: float) -> list[Any]:
        """A lie in place of the message."""
        return [spoilt(LIES, message, self._variant)]
