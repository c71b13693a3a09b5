"""A ROS clock that jumps: what is passed on differs from the true one by a constant."""

from __future__ import annotations

from typing import Any

JUMP_S = 5


class ClockJump:
    """Implements `NodeFault` and `Injection`.

    Args:
        by_s: whole s, below 0 = back; no earlier than 0 where the clock has not come so far.
    """

    def __init__(self, by_s: int) -> None:
        self._by_s = by_s

    def do(self, rig: Any, subject: str) -> None:
        """Jump."""
        rig.input("clock")[1].fail(self)

    def undo(self, rig: Any, subject: str) -> None:
        """Tell the truth again, which is a jump, too."""
        rig.input("clock")[1].heal()

    def take(self, message: Any, now_s: float) -> list[Any]:
        """The clock, beside the truth."""
        message.clock.sec = max(message.clock.sec + self._by_s, 0)
        return [message]
