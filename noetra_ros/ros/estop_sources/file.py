"""An emergency stop that a file shows, as the kernel shows a GPIO line: ``file:/sys/class/gpio/gpio17/value``

It is read 50 times a second, on a thread of its own: a file that hangs must not hold up a command.
``closed=1`` (the default) is what it says while the circuit is closed; everything else is pressed, and a file
that cannot be read tells nothing, which is a cut wire.
"""

from __future__ import annotations

import threading
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
        self._read: bool | None = None  # pressed; None = nothing since it was told
        self._is_closing = threading.Event()
        threading.Thread(target=self._watch, name="estop file", daemon=True).start()
        self._timer = node.create_timer(
            PERIOD_S, self._hand_on, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    def close(self) -> None:
        """See `EstopSource`."""
        self._is_closing.set()
        self._node.destroy_timer(self._timer)

    def _watch(self) -> None:
        while not self._is_closing.wait(PERIOD_S):
            try:
                self._read = self._path.read_text(encoding="ascii").strip() != self._closed
            except (OSError, ValueError):
                continue

    def _hand_on(self) -> None:
        """On the executor's thread."""
        is_pressed, self._read = self._read, None
        if is_pressed is not None:
            self._tell(is_pressed)
