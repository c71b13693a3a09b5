"""The disk of the audit log is full: no file of the supervisor may grow any more (RLIMIT_FSIZE)."""

from __future__ import annotations

import resource

from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.fault_campaign.rig import FaultRig

KIND = resource.RLIMIT_FSIZE


@NODE_FAULTS.register("full_disk")
class FullDisk:
    """Implements `NodeFault`. A write fails with EFBIG where a full disk gives ENOSPC: an OSError both."""

    def __init__(self) -> None:
        self._before = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def do(self, rig: FaultRig, subject: str) -> None:
        """No file grows."""
        self._before = resource.prlimit(rig.pid(subject), KIND)
        resource.prlimit(rig.pid(subject), KIND, (0, self._before[1]))

    def undo(self, rig: FaultRig, subject: str) -> None:
        """Room again."""
        resource.prlimit(rig.pid(subject), KIND, self._before)
