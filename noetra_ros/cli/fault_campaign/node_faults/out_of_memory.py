"""No memory is left for a node: the limit of its address space is set to what it has, and it asks for more.

It stands for a machine whose memory is used up by others, with an allocation that is refused. Linux may kill
the process in such a case instead: that is the fault `killed`.
"""

from __future__ import annotations

import resource

from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.fault_campaign.rig import FaultRig

KINDS = (resource.RLIMIT_AS, resource.RLIMIT_DATA)


@NODE_FAULTS.register("out_of_memory")
class OutOfMemory:
    """Implements `NodeFault`. A node that dies of it is started again where its cell says so."""

    def __init__(self) -> None:
        self._before: list[tuple[int, int]] = []

    def do(self, rig: FaultRig, subject: str) -> None:
        """Nothing more can be had from now on."""
        rig.tolerated.add(subject)
        pid = rig.pid(subject)
        self._before = [resource.prlimit(pid, kind) for kind in KINDS]
        for kind, (_, hard) in zip(KINDS, self._before, strict=True):
            resource.prlimit(pid, kind, (1, hard))

    def undo(self, rig: FaultRig, subject: str) -> None:
        """Give it back what it may have, or start it again."""
        if subject not in rig.graph.pids:
            if subject != "supervisor":
                rig.graph.restart(subject)
            return
        for kind, limits in zip(KINDS, self._before, strict=True):
            resource.prlimit(rig.pid(subject), kind, limits)
