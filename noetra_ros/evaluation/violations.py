"""What the oracle reports: a limit passed by one axis, from its first to its last step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.trace import BoolArray


class ViolationKind(Enum):
    """What was passed."""

    POSITION = "position"
    VELOCITY = "velocity"
    ACCELERATION = "acceleration"
    TOLD_ACCELERATION = "told_acceleration"
    CONTACT_IMPACT = "contact_impact"
    COMMAND_AFTER_STOP = "command_after_stop"
    MOTION_AFTER_STOP = "motion_after_stop"


LIMIT_KINDS = (
    ViolationKind.POSITION,
    ViolationKind.VELOCITY,
    ViolationKind.ACCELERATION,
    ViolationKind.TOLD_ACCELERATION,
)
STOP_KINDS = (ViolationKind.COMMAND_AFTER_STOP, ViolationKind.MOTION_AFTER_STOP)


@dataclass(frozen=True)
class Violation:
    """One limit passed by one axis.

    Attributes:
        kind: what was passed.
        axis: joint, or component of the twist.
        start_s: simulated time of the first step.
        duration_s: until the last step, s.
        measured: the worst value, in `unit`; NaN = the physics itself was not finite.
        limit: the limit that it passed, in `unit`.
        unit: SI symbol.
    """

    kind: ViolationKind
    axis: str
    start_s: float
    duration_s: float
    measured: float
    limit: float
    unit: str


@dataclass(frozen=True)
class Signal:
    """A quantity of every axis over time, held against its limit.

    Attributes:
        kind: what it is a violation of, where it is too large.
        names: (d) axes.
        time_s: (n,) s.
        values: (n, d) the quantity.
        excess: (n, d) how far it is beyond the limit; <= 0 is inside, NaN is beyond.
        limit: (d,) the limit.
        units: (d) SI symbols.
    """

    kind: ViolationKind
    names: tuple[str, ...]
    time_s: FloatArray
    values: FloatArray
    excess: FloatArray
    limit: FloatArray
    units: tuple[str, ...]

    def violations(self, only: BoolArray | None = None) -> list[Violation]:
        """One violation for each run of consecutive steps beyond the limit.

        Args:
            only: (n, d) steps to look at; all where None.
        """
        beyond = ~(self.excess <= 0.0)
        if only is not None:
            beyond &= only
        return [
            self._violation(axis, first, last)
            for axis in range(len(self.names))
            for first, last in spans(beyond[:, axis])
        ]

    def _violation(self, axis: int, first: int, last: int) -> Violation:
        worst = first + int(np.argmax(self.excess[first : last + 1, axis]))
        return Violation(
            self.kind,
            self.names[axis],
            float(self.time_s[first]),
            float(self.time_s[last] - self.time_s[first]),
            float(self.values[worst, axis]),
            float(self.limit[axis]),
            self.units[axis],
        )


def spans(flags: BoolArray) -> list[tuple[int, int]]:
    """First and last index of each run of True."""
    edges = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    firsts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(int(first), int(end) - 1) for first, end in zip(firsts, ends, strict=True)]


def count(violations: Iterable[Violation], kinds: Sequence[ViolationKind]) -> int:
    """How many violations are of one of `kinds`."""
    return sum(v.kind in kinds for v in violations)
