"""The two clocks of the supervisor node, for time-outs and for stamps; in lock-step both are the tick."""

from __future__ import annotations

import time

from rclpy.node import Node

from noetra_ros.ros.conversions import NS_PER_S


class GateClock:
    """Says what time it is.

    Args:
        node: the supervisor node; stamps are on its clock.
        is_lock_step: the instant is set by whoever keeps the beat, and nothing ages on its way.
    """

    def __init__(self, node: Node, is_lock_step: bool) -> None:
        self._node, self.is_lock_step = node, is_lock_step
        self._tick_ns = 0

    def go_to(self, tick_ns: int) -> None:
        """Lock-step: the instant from now on."""
        self._tick_ns = tick_ns

    def now_ns(self) -> int:
        """On the clock of the time-outs, which nobody sets."""
        return self._tick_ns if self.is_lock_step else time.monotonic_ns()

    def ros_now_ns(self) -> int:
        """On the clock of stamps."""
        return self._tick_ns if self.is_lock_step else int(self._node.get_clock().now().nanoseconds)

    def age_s(self, stamp_ns: int) -> float:
        """s since a stamp; below 0 = it lies ahead."""
        return (self.ros_now_ns() - stamp_ns) / NS_PER_S

    def delay_s(self, stamp_ns: int | None) -> float:
        """Age of a message on arrival, s; 0 without a stamp, and in lock-step: the stamp is the tick."""
        return 0.0 if stamp_ns is None or self.is_lock_step else self.age_s(stamp_ns)
