"""What is done to a node, or to the machine beside it: one file for each fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from noetra_ros.cli.fault_campaign.rig import FaultRig
from noetra_ros.core.registry import Registry


class NodeFault(Protocol):
    """A fault of a graph in motion; made anew for each trial."""

    def do(self, rig: FaultRig, subject: str) -> None:
        """Let it begin.

        Args:
            rig: the running graph.
            subject: the node, or what the cell is about.
        """
        ...

    def undo(self, rig: FaultRig, subject: str) -> None:
        """Let it end; a process that has ended stays so."""
        ...


NODE_FAULTS: Registry[Callable[[], NodeFault]] = Registry(
    "node fault", "noetra_ros.cli.fault_campaign.node_faults"
)
