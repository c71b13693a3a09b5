"""Check: commands come no faster than the channel's rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.core.config import setting
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("rate")


@dataclass(frozen=True)
class Rate:
    """Refuses a command that would take the setpoints more than `max_lead_periods` periods ahead of real
    time, so that a flood cannot move the robot faster than its limits; the robot goes on with the next
    command that is due. Slower commands than the channel's rate pass. Cannot catch a source that repeats
    itself at the right rate.
    """

    max_lead_periods: float = setting(
        "1", "periods of the channel by which commands may run ahead", minimum=0.5, maximum=5.0
    )

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP (refused) when the commands run ahead."""
        period_s = snapshot.limits.period_s
        limit_s = self.max_lead_periods * period_s
        if snapshot.command is None or snapshot.lead_s <= limit_s + 1e-9:
            return PASSED
        reason = (
            f"commands run {snapshot.lead_s:.4f} s ahead of real time, limit {limit_s:.4f} s "
            f"({1.0 / period_s:g} Hz): this one is refused"
        )
        return Verdict("rate", Action.CLAMP, reason, 0.0, "command", snapshot.lead_s, limit_s, "s")


check_registry.register("rate")(Rate)
