"""How far back a policy looks in one stream."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.errors import single_fault


@dataclass(frozen=True)
class History:
    """Instants that a policy wants to see of a stream.

    Attributes:
        count: how many, the present one included.
        step_s: s between them; 0 where there is only the present one.
    """

    count: int = 1
    step_s: float = 0.0

    def __post_init__(self) -> None:
        if self.count < 1 or self.step_s < 0.0 or (self.count > 1) != (self.step_s > 0.0):
            got = f"{self.count} instants, {self.step_s:g} s apart"
            raise single_fault("history", "count, step_s", got, "1 and 0 s, or more than 1 and more than 0 s")

    @property
    def span_s(self) -> float:
        """From the oldest instant to the present, s."""
        return (self.count - 1) * self.step_s


PRESENT = History()
