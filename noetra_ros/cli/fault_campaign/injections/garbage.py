"""Nonsense: no numbers, too few of them, names that nobody knows."""

from __future__ import annotations

from typing import Any

from noetra_ros.cli.fault_campaign.falsehoods import GARBAGE, spoilt
from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings


@INJECTIONS.register("garbage")
class Garbage:
    """Replaces the content by what no reader can use; in another way by variant."""

    def __init__(self, settings: FailureSettings) -> None:
        self._variant = settings.variant

    def take(self, message: Any, now_s: float) -> list[Any]:
        """Nonsense in place of the message."""
        return [spoilt(GARBAGE, message, self._variant)]
