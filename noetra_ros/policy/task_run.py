"""One goal of RunTask: until when it runs, and why it ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from noetra_ros.policy.assembly import NS_PER_S


class End(Enum):
    """Why a goal ended; the values are those of RunTask.Result.END_*."""

    TIME_LIMIT = 1
    CANCELED = 2
    SAFETY_LATCHED = 3
    POLICY_FAULT = 4
    COMPLETED = 5
    REFUSED = 6


@dataclass(frozen=True)
class Ending:
    """How a goal ended.

    Attributes:
        reason: typed.
        detail: for a person.
    """

    reason: End
    detail: str


def refusal(instruction: str, time_limit_s: float, is_active: bool) -> Ending | None:
    """Why a goal cannot be taken; None = it can."""
    if not is_active:
        return Ending(End.REFUSED, "the policy node is not active: configure and activate it first")
    if not instruction.strip():
        return Ending(End.REFUSED, "the instruction is empty: say what to do")
    if not (math.isfinite(time_limit_s) and time_limit_s > 0):
        return Ending(End.REFUSED, f"time_limit_s is {time_limit_s:g}, expected a finite number above 0")
    return None


@dataclass
class TaskRun:
    """A goal that is being followed.

    Attributes:
        instruction: its sentence.
        time_limit_s: s of ROS time.
        start_ns: ROS time of its acceptance.
        chunks_before: chunks published before it.
    """

    instruction: str
    time_limit_s: float
    start_ns: int
    chunks_before: int

    def elapsed_s(self, now_ns: int) -> float:
        """ROS time since acceptance."""
        return (now_ns - self.start_ns) / NS_PER_S

    def ending(self, now_ns: int | None, latched: str, fault: str) -> Ending | None:
        """Whether it ends now.

        Args:
            now_ns: ROS time; None = the time limit is not judged now.
            latched: why the supervisor has latched; empty = it has not.
            fault: why the model has failed; empty = it has not.
        """
        if latched:
            return Ending(End.SAFETY_LATCHED, latched)
        if fault:
            return Ending(End.POLICY_FAULT, fault)
        if now_ns is not None and now_ns - self.start_ns >= round(self.time_limit_s * NS_PER_S):
            return Ending(End.TIME_LIMIT, f"{self.time_limit_s:g} s are over")
        return None
