"""The ROS clock of a node jumps forth."""

from __future__ import annotations

from noetra_ros.cli.fault_campaign.clock_jump import JUMP_S, ClockJump
from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS


@NODE_FAULTS.register("clock_forth")
class ClockForth(ClockJump):
    """Implements `NodeFault`."""

    def __init__(self) -> None:
        super().__init__(JUMP_S)
