"""What the projection answers: the values that may be sent, and which barriers changed them."""

from __future__ import annotations

from typing import NamedTuple

from noetra_ros.safety.snapshot import Values


class Held(NamedTuple):
    """A barrier that changed a command.

    Attributes:
        name: of the row.
        unit: of `room`: m or rad; of a limit of speed m/s.
        room: that the command would have left; below 0 where it broke it.
        most: limit of a speed, below which the command would have left that room; None = no speed.
    """

    name: str
    unit: str
    room: float
    most: float | None = None

    @property
    def measured(self) -> float:
        """What the command would have come to: room, or speed."""
        return self.room if self.most is None else self.most - self.room

    @property
    def limit(self) -> float:
        """Least room, or highest speed."""
        return 0.0 if self.most is None else self.most

    @property
    def words(self) -> str:
        """What the command would do, for people."""
        if self.most is None:
            return f"leave {self.room:.4g} {self.unit} of room"
        return f"come to {self.measured:.4g} {self.unit}, limit {self.most:.4g} {self.unit}"


UNKNOWN = Held("where the robot is", "m", float("nan"))


class Projected(NamedTuple):
    """What may be sent.

    Attributes:
        values: (d) as the channel has them.
        held: why they are not what was proposed; the one with the least room first.
        is_stopping: no motion was found: `values` are a step of the controlled stop.
    """

    values: Values
    held: tuple[Held, ...] = ()
    is_stopping: bool = False
