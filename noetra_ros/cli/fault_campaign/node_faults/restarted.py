"""A node is ended properly and started again at once, in the middle of a motion."""

from __future__ import annotations

import os
import signal

from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.fault_campaign.rig import FaultRig

END_TIMEOUT_S = 5.0


@NODE_FAULTS.register("restarted")
class Restarted:
    """Implements `NodeFault`."""

    def do(self, rig: FaultRig, subject: str) -> None:
        """Ask it to end."""
        rig.tolerated.add(subject)
        os.kill(rig.pid(subject), signal.SIGTERM)

    def undo(self, rig: FaultRig, subject: str) -> None:
        """Start it again, once it has ended."""
        rig.session.wait_until(lambda: subject not in rig.graph.pids, END_TIMEOUT_S, f"the end of {subject}")
        rig.graph.restart(subject)
