"""Late: a full queue, a bad radio link. Stamps stay what they were."""

from __future__ import annotations

from collections import deque
from typing import Any

from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings

GAPS = 3.0  # of the age at which it counts as old


@INJECTIONS.register("delayed")
class Delayed:
    """Passes each message on when it is three times as old as the input may be."""

    def __init__(self, settings: FailureSettings) -> None:
        self._delay_s = GAPS * settings.freshness_s
        self._waiting: deque[tuple[float, Any]] = deque()

    def take(self, message: Any, now_s: float) -> list[Any]:
        """Those whose time has come."""
        self._waiting.append((now_s + self._delay_s, message))
        due = []
        while self._waiting and self._waiting[0][0] <= now_s:
            due.append(self._waiting.popleft()[1])
        return due
