"""What one gated channel is told of those that are gated with it."""

from __future__ import annotations

from dataclasses import dataclass

Twist = tuple[float, float, float]
STANDING: Twist = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Others:
    """The other channels at one instant.

    Attributes:
        stop: why one of them has to stop, by a cause of its own; empty = none has to.
        scale: least share of its speed limits that one of them is left with, by a cause of its own.
        moving: one that moves, or has not rested for long enough; empty = they stand.
        may_resume: none of them has to wait longer before a protective stop may end: they end it together.
        twist: vx m/s, vy m/s, wz rad/s of the base among them, as last sent; zeros where it rests.
    """

    stop: str = ""
    scale: float = 1.0
    moving: str = ""
    may_resume: bool = True
    twist: Twist = STANDING
