"""Check: no emergency-stop source is pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("estop")


@dataclass(frozen=True)
class Estop:
    """Emergency stop, latched, while an e-stop source is pressed: controlled stop at full deceleration
    (category 1 of IEC 60204-1 without the removal of power, which is not ours), then nothing is sent. A
    message on a network: cannot replace a hard-wired button.
    """

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """ESTOP while pressed."""
        if snapshot.is_estop_pressed:
            return Verdict("estop", Action.ESTOP, "an emergency stop is pressed")
        return PASSED


check_registry.register("estop")(Estop)
