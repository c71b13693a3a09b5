"""Check: the processes that the motion depends on are alive."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from noetra_ros.core.config import setting
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("heartbeat")


@dataclass(frozen=True)
class Heartbeat:
    """Stops when a named source was not heard for `heartbeat_timeout_s`, or never. Cannot catch a process
    that beats and does nothing else.
    """

    heartbeat_sources: tuple[str, ...] = setting(description="node names to hear on the topic heartbeat")
    heartbeat_timeout_s: float = setting(
        "s", "a source not heard for this long: controlled stop", minimum=0.001, maximum=10.0
    )

    def unmet(self, limits: ChannelLimits) -> str:
        """Without sources there is nothing to hear."""
        return "" if self.heartbeat_sources else "heartbeat_sources names no source"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """STOP with the first source that is missing."""
        for source in self.heartbeat_sources:
            age_s = snapshot.heartbeat_age_s.get(source, math.nan)
            if not age_s <= self.heartbeat_timeout_s:  # NaN: never heard
                heard = f"not heard for {age_s:.3f} s" if age_s > 0.0 else "never heard"
                reason = f"{source} was {heard}, limit {self.heartbeat_timeout_s} s"
                return Verdict(
                    "heartbeat", Action.STOP, reason, 1.0, source, age_s, self.heartbeat_timeout_s, "s"
                )
        return PASSED


check_registry.register("heartbeat")(Heartbeat)
