"""A timer that fires once, at an instant between two beats of a periodic one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.clock import Clock, ClockType
from rclpy.node import Node

# Fire just after the instant: what is due then must be overdue, not on its limit.
AFTER_S = 0.0002


class DeadlineTimer:
    """So that a time-out is found when it runs out, not at the next beat: each ms is 2.6 mm of floor.

    Args:
        node: where the timer lives.
        callback: called once after each `set`.
        horizon_s: only what is due within this time is worth a timer; the periodic one sees the rest.
    """

    def __init__(self, node: Node, callback: Callable[[], None], horizon_s: float) -> None:
        self._node, self._callback, self._horizon_s = node, callback, horizon_s
        self._clock = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer: Any = None

    def set(self, remaining_s: float) -> None:
        """Fire in `remaining_s` where that is near; an earlier setting is dropped."""
        self.cancel()
        if 0.0 <= remaining_s < self._horizon_s:
            self._timer = self._node.create_timer(remaining_s + AFTER_S, self._fire, clock=self._clock)

    def cancel(self) -> None:
        """Do not fire."""
        if self._timer is not None:
            self._node.destroy_timer(self._timer)
            self._timer = None

    def _fire(self) -> None:
        self.cancel()
        self._callback()
