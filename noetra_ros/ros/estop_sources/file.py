"""An emergency stop that a file shows, as the kernel shows a GPIO line: ``file:/sys/class/gpio/gpio17/value``

It is read 50 times a second. ``closed=1`` (the default) is what it says while the circuit is closed;
everything else is pressed, and a file that cannot be read tells nothing, which is a cut wire.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from noetra_ros.ros.estop_source import ESTOP_SOURCES, EstopAddress

PERIOD_S = 0.02


@ESTOP_SOURCES.register("file")
class FileEstop:
    """Implements `EstopSource`.

    Args:
        node: where the timer lives.
        address: the file; option `closed`: what it says while nothing is pressed.
        tell: takes the state.
    """

    def __init__(self, node: Node, address: EstopAddress, tell: Callable[[bool], None]) -> None:
        self._node, self._tell, self._path = node, tell, Path(address.address)
        self._closed = address.options.get("closed", "1")
        self._timer = node.create_timer(PERIOD_S, self._read, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def close(self) -> None:
        """See `EstopSource`."""
        self._node.destroy_timer(self._timer)

    def _read(self) -> None:
        try:
            text = self._path.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return
        self._tell(text != self._closed)
