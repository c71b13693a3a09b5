"""A loose contact: off, on, off, on."""

from __future__ import annotations

import math
from typing import Any

from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings

OFF, ON = 2.0, 0.2  # of the age at which it counts as old


@INJECTIONS.register("intermittent")
class Intermittent:
    """Off for twice as long as the input may be silent, then on for a moment."""

    def __init__(self, settings: FailureSettings) -> None:
        self._off_s, self._on_s = OFF * settings.freshness_s, ON * settings.freshness_s
        self._began_s = math.nan

    def take(self, message: Any, now_s: float) -> list[Any]:
        """The message, while the contact is made."""
        if math.isnan(self._began_s):
            self._began_s = now_s
        phase_s = (now_s - self._began_s) % (self._off_s + self._on_s)
        return [message] if phase_s >= self._off_s else []
