"""The giver of an input offers less than the taker asks for: DDS connects nobody, and nobody is told."""

from __future__ import annotations

from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.fault_campaign.rig import FaultRig


@NODE_FAULTS.register("qos_mismatch")
class QosMismatch:
    """Implements `NodeFault`; the subject is an input."""

    def do(self, rig: FaultRig, subject: str) -> None:
        """Best effort to who asks for reliable."""
        rig.input(subject)[1].mismatch()

    def undo(self, rig: FaultRig, subject: str) -> None:
        """As before."""
        rig.input(subject)[1].heal()
