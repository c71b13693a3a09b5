"""Real-time pace: simulated time keeps up with the steady clock, and says so where it cannot."""

from __future__ import annotations

import time
from collections.abc import Callable

from rclpy.clock import Clock, ClockType
from rclpy.node import Node

# Ticks made good at once after a delay; what is more than GIVE_UP_S late is given up (factor below 1).
# While time is made good the robot lives faster than those who stop it: by no more than a stop can bear.
MOST_TICKS = 3
GIVE_UP_S = 0.1


class RealTimePace:
    """Calls `advance` once each period of wall time.

    Args:
        node: where the timer lives.
        advance: runs one tick.
        period_ns: time between ticks.
    """

    is_held = False
    is_settling = False

    def __init__(self, node: Node, advance: Callable[[], object], period_ns: int) -> None:
        self._node, self._advance, self._period_ns = node, advance, period_ns
        self._due_ns = 0

    def start(self) -> None:
        """Begin to tick."""
        self._due_ns = time.monotonic_ns()
        self._timer = self._node.create_timer(
            self._period_ns * 1e-9, self._on_timer, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    def stop(self) -> None:
        """No further tick."""
        self._node.destroy_timer(self._timer)

    def close(self) -> None:
        """Nothing to give back."""

    def restart(self) -> None:
        """A new episode changes nothing in the pace."""

    def on_command(self, channel: str) -> None:
        """Commands do not set the pace."""

    def _on_timer(self) -> None:
        now_ns = time.monotonic_ns()
        if now_ns - self._due_ns > GIVE_UP_S * 1e9:
            self._due_ns = now_ns
        # Half a period of tolerance: the timer's own jitter must not make a tick wait for the next one.
        for _ in range(MOST_TICKS):
            if self._due_ns > now_ns + self._period_ns // 2:
                return
            self._advance()
            self._due_ns += self._period_ns
