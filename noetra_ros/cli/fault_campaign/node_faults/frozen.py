"""SIGSTOP: a process that hangs and holds on to all it has."""

from __future__ import annotations

import os
import signal

from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.fault_campaign.rig import FaultRig


@NODE_FAULTS.register("frozen")
class Frozen:
    """Implements `NodeFault`."""

    def do(self, rig: FaultRig, subject: str) -> None:
        """Let it hang."""
        os.kill(rig.pid(subject), signal.SIGSTOP)

    def undo(self, rig: FaultRig, subject: str) -> None:
        """Let it go on."""
        os.kill(rig.pid(subject), signal.SIGCONT)
