"""100 % CPU: as many busy loops beside the graph as there are cores, and as many again."""

from __future__ import annotations

import os
import subprocess
import sys

from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.fault_campaign.rig import FaultRig

FOR_EACH_CORE = 2


@NODE_FAULTS.register("starved")
class Starved:
    """Implements `NodeFault`. The loops have the urgency of any program that a user starts."""

    def __init__(self) -> None:
        self._loops: list[subprocess.Popen[bytes]] = []

    def do(self, rig: FaultRig, subject: str) -> None:
        """Start the loops."""
        count = FOR_EACH_CORE * len(os.sched_getaffinity(0))
        command = [sys.executable, "-S", "-c", LOOP]
        self._loops = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(count)]

    def undo(self, rig: FaultRig, subject: str) -> None:
        """End them."""
        for loop in self._loops:
            loop.kill()
        for loop in self._loops:
            loop.wait()


# No urgency of ours, and no longer than a minute whatever becomes of us.
LOOP = (
    "import os, time\n"
    "os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))\n"
    "end_s = time.monotonic() + 60\n"
    "while time.monotonic() < end_s: pass\n"
)
