"""Too seldom: an overloaded sender."""

from __future__ import annotations

import math
from typing import Any

from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings

GAPS = 3.0  # of the age at which it counts as old


@INJECTIONS.register("slow")
class Slow:
    """Passes a message on when the last one is three times as old as the input may be."""

    def __init__(self, settings: FailureSettings) -> None:
        self._gap_s, self._last_s = GAPS * settings.freshness_s, math.nan

    def take(self, message: Any, now_s: float) -> list[Any]:
        """The message, where it is due."""
        if math.isnan(self._last_s):
            self._last_s = now_s
        if now_s - self._last_s < self._gap_s:
            return []
        self._last_s = now_s
        return [message]
