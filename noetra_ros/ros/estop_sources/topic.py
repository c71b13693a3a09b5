"""An emergency stop on a topic: std_msgs/Bool, True = pressed, sent all the time: ``topic:/line/estop``."""

from __future__ import annotations

from collections.abc import Callable

from rclpy.node import Node

from noetra_ros.ros import interfaces
from noetra_ros.ros.estop_source import ESTOP_SOURCES, EstopAddress


@ESTOP_SOURCES.register("topic")
class TopicEstop:
    """Implements `EstopSource`.

    Args:
        node: where the subscription lives.
        address: the topic.
        tell: takes the state.
    """

    def __init__(self, node: Node, address: EstopAddress, tell: Callable[[bool], None]) -> None:
        self._node = node
        self._input = interfaces.ESTOP.subscription(node, lambda message: tell(message.data), address.address)

    def close(self) -> None:
        """See `EstopSource`."""
        self._node.destroy_subscription(self._input)
