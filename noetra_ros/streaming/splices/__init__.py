"""Ways to pass from the plan that is being followed to a newer one: one file each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from noetra_ros.core.delay import is_within_envelope
from noetra_ros.core.registry import Registry
from noetra_ros.core.types import FloatArray
from noetra_ros.streaming.references import Reference


@dataclass(frozen=True)
class Seam:
    """Where two plans meet, and what is known of it.

    Attributes:
        now_ns: instant at which the new plan takes over.
        blend_s: s, declared time of a fade.
        step_s: s between rows of the new chunk.
        rows: rows of the new chunk.
        delay_rows: actions consumed while a chunk is computed: running p95, cold starts left out.
        executed_rows: actions between the observations of the old chunk and of the new one; 0 = no old one.
        jump_limit: (d,) unit of the values, largest distance that a fade over one row closes within the
            robot's acceleration and jerk limits.
        interval_s: s between the observations of the old chunk and of the new one; infinite = no old one.
    """

    now_ns: int
    blend_s: float
    step_s: float
    rows: int
    delay_rows: int
    executed_rows: int
    jump_limit: FloatArray
    interval_s: float = math.inf

    @property
    def is_within_envelope(self) -> bool:
        """There is a chunk to carry on, and delay and length permit it (see `core.delay`)."""
        return self.executed_rows > 0 and is_within_envelope(self.delay_rows, self.executed_rows, self.rows)


class Spliced(NamedTuple):
    """What to follow from now on.

    Attributes:
        reference: it.
        how: name of the splice that was used; another than asked for where that one fell back.
    """

    reference: Reference
    how: str


class Splice(Protocol):
    """Joins two references at a seam."""

    def __call__(self, old: Reference, new: Reference, seam: Seam) -> Spliced:
        """What to follow from `seam.now_ns` on."""
        ...


SPLICES: Registry[Splice] = Registry("splice", "noetra_ros.streaming.splices")
