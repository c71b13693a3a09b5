"""What one check says of one snapshot: a graded action, the reason, and the numbers behind it."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from enum import IntEnum


class Action(IntEnum):
    """What is done about a command, from least to most severe."""

    PASS = 0
    CLAMP = 1
    SLOW = 2
    STOP = 3
    ESTOP = 4
    FAULT = 5


@dataclass(frozen=True)
class Verdict:
    """Judgement of one check.

    Attributes:
        check: registered name of the check.
        action: what is to be done; the worst one of all checks wins.
        reason: one sentence for a person; empty for PASS.
        scale: share of the motion that is allowed, 0..1; with STOP what motion goes on from after it.
        subject: joint, stream or source concerned; empty = whole robot.
        measured: what was measured, in `unit`; NaN = not measurable.
        limit: what it was held against, in `unit`; NaN = none.
        unit: SI symbol; empty = none.
        details: numbers for people, of a type that the check documents; None = none.
    """

    check: str
    action: Action
    reason: str = ""
    scale: float = 1.0
    subject: str = ""
    measured: float = math.nan
    limit: float = math.nan
    unit: str = ""
    details: object | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.action, Action):
            raise ValueError(f"check {self.check}: action is {self.action!r}, expected one of Action")
        if not 0.0 <= self.scale <= 1.0:  # NaN fails this comparison too
            raise ValueError(f"check {self.check}: scale is {self.scale}, expected a number in [0, 1]")
        if self.action > Action.PASS and not self.reason:
            raise ValueError(f"check {self.check}: {self.action.name} without a reason for a person")


@functools.cache
def passed(check: str) -> Verdict:
    """The verdict of a check that has nothing to say."""
    return Verdict(check, Action.PASS)
