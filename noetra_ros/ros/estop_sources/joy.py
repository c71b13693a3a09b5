"""A dead man's switch on a joystick: released, or out of reach, is pressed: ``joy:/joy,button=5``."""

from __future__ import annotations

from collections.abc import Callable

from rclpy.node import Node
from sensor_msgs.msg import Joy

from noetra_ros.ros import interfaces
from noetra_ros.ros.estop_source import ESTOP_SOURCES, EstopAddress


@ESTOP_SOURCES.register("joy")
class JoyEstop:
    """Implements `EstopSource`. The joy node has to repeat (`autorepeat_rate`, 20 Hz by default).

    Args:
        node: where the subscription lives.
        address: the topic; option `button`: number of the one that has to be held.
        tell: takes the state.
    """

    def __init__(self, node: Node, address: EstopAddress, tell: Callable[[bool], None]) -> None:
        self._node, self._tell, self._button = node, tell, address.whole_number("button")
        self._input = interfaces.JOY.subscription(node, self._on_joy, address.address)

    def close(self) -> None:
        """See `EstopSource`."""
        self._node.destroy_subscription(self._input)

    def _on_joy(self, message: Joy) -> None:
        """A joystick without that button is not the right one: held by nobody."""
        is_held = self._button < len(message.buttons) and message.buttons[self._button] == 1
        self._tell(not is_held)
