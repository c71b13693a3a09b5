"""Check: every emergency-stop source is still connected."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from noetra_ros.core.config import setting
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("estop_chain")


@dataclass(frozen=True)
class EstopChain:
    """A source that was heard and falls silent for `estop_timeout_s` is a cut wire, and that is the same as a
    pressed button: emergency stop, latched. One that was never heard keeps the robot from being armed. Cannot
    tell a source that lies. A supervisor that hung itself has heard nothing meanwhile: that is the same.
    """

    estop_sources: tuple[str, ...] = setting(description="e-stop sources that have to be heard all the time")
    estop_timeout_s: float = setting(
        "s", "a source not heard for this long counts as pressed", minimum=0.01, maximum=10.0
    )

    def unmet(self, limits: ChannelLimits) -> str:
        """Without sources there is nothing to hear."""
        return "" if self.estop_sources else "estop_sources names no source"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """ESTOP for a source that has fallen silent, STOP for one that never spoke."""
        worst = PASSED
        for source in self.estop_sources:
            age_s = snapshot.estop_age_s.get(source, math.nan)
            if age_s <= self.estop_timeout_s:
                continue
            action, told = Action.STOP, "is silent"
            if age_s > self.estop_timeout_s:
                action, told = (
                    Action.ESTOP,
                    f"was not heard for {age_s:.3f} s, limit {self.estop_timeout_s} s",
                )
            if action > worst.action:
                reason = f"emergency stop {source} {told}"
                worst = Verdict("estop_chain", action, reason, 1.0, source, age_s, self.estop_timeout_s, "s")
        return worst


check_registry.register("estop_chain")(EstopChain)
