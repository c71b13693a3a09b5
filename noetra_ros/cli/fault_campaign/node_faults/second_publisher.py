"""Another program on the controller's own topic: what it sends would be judged by nobody."""

from __future__ import annotations

from typing import Any

from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS
from noetra_ros.cli.fault_campaign.rig import FaultRig
from noetra_ros.ros import interfaces


@NODE_FAULTS.register("second_publisher")
class SecondPublisher:
    """Implements `NodeFault`. It only appears: what it could send is judged by nobody, and nothing here could
    hold it up.
    """

    def __init__(self) -> None:
        self._publisher: Any = None

    def do(self, rig: FaultRig, subject: str) -> None:
        """Appear."""
        channel = rig.profile.channel()
        kind = interfaces.COMMAND_MESSAGES[channel.message]
        self._publisher = interfaces.COMMAND_OUT.publisher(rig.session.node, channel.topic, kind)

    def undo(self, rig: FaultRig, subject: str) -> None:
        """Go."""
        rig.session.node.destroy_publisher(self._publisher)
