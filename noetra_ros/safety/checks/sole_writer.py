"""Check: nobody else commands the controller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("sole_writer")


@dataclass(frozen=True)
class SoleWriter:
    """Stops, and refuses to arm, while another program publishes on the controller's topic: what it sends is
    judged by nobody. Cannot hold up what that program sends, nor see one that reaches the robot another way.
    """

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """STOP with the names of the others."""
        if not snapshot.other_writers:
            return PASSED
        names = ", ".join(snapshot.other_writers)
        reason = f"{names} commands the controller past the supervisor -> stop it, or remap it to command_in"
        return Verdict(
            "sole_writer", Action.STOP, reason, 1.0, names, float(len(snapshot.other_writers)), 0.0, "1"
        )


check_registry.register("sole_writer")(SoleWriter)
