"""SIGKILL: a crash without a goodbye; the node comes back when the fault ends, but for the supervisor."""

from __future__ import annotations

import os
import signal

from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.fault_campaign.rig import FaultRig


@NODE_FAULTS.register("killed")
class Killed:
    """Implements `NodeFault`."""

    def do(self, rig: FaultRig, subject: str) -> None:
        """Kill it; its end is not waited for: the relays have to go on."""
        rig.tolerated.add(subject)
        os.kill(rig.pid(subject), signal.SIGKILL)

    def undo(self, rig: FaultRig, subject: str) -> None:
        """Start it again."""
        if subject != "supervisor":
            rig.graph.restart(subject)
