"""The modes of the supervisor and the ways between them. Nothing passes unless armed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from noetra_ros.safety.verdict import Action, Verdict


class Mode(IntEnum):
    """Modes; the numbers are those of SafetyState.MODE_*."""

    STARTUP = 1
    STANDBY = 2
    ACTIVE = 3
    SLOWED = 4
    PROTECTIVE_STOP = 5
    EMERGENCY_STOP = 6
    FAULT = 7


PASSING: Final = (Mode.ACTIVE, Mode.SLOWED)
ARMED: Final = (Mode.ACTIVE, Mode.SLOWED, Mode.PROTECTIVE_STOP)
LATCHED: Final = (Mode.EMERGENCY_STOP, Mode.FAULT)
READY = "ready; call safety/arm to let commands pass"


@dataclass(frozen=True)
class Transition:
    """One change of mode.

    Attributes:
        before: mode before.
        after: mode after.
        reason: for a person.
    """

    before: Mode
    after: Mode
    reason: str


class ModeMachine:
    """Holds the mode. Latched modes end only by `reset`, which leads to STANDBY and never to motion.

    Args:
        resume_after_ns: a protective stop may end when its cause has been gone for this long.
        resumes_by_itself: false = only disarming ends it.
    """

    def __init__(self, resume_after_ns: int, resumes_by_itself: bool = True) -> None:
        self._resumes_by_itself = resumes_by_itself
        self.mode = Mode.STARTUP
        self.reason = "waiting for the streams of the robot"
        self.scale = 0.0
        self._resume_after_ns = resume_after_ns
        self._last_cause_ns = 0
        self._transitions: list[Transition] = []

    @property
    def is_armed(self) -> bool:
        """True from arm until disarm or a latch."""
        return self.mode in ARMED

    @property
    def is_passing(self) -> bool:
        """True when commands pass."""
        return self.mode in PASSING

    def take_transitions(self) -> tuple[Transition, ...]:
        """Changes since the last call."""
        taken, self._transitions = tuple(self._transitions), []
        return taken

    def judge(self, worst: Verdict | None, scale: float, now_ns: int) -> None:
        """Take in what the checks said.

        Args:
            worst: the most severe verdict; None = all passed.
            scale: speed scale asked for by SLOW verdicts, 1 = none.
            now_ns: the instant.
        """
        if worst is None and scale >= 1.0 and self.mode is Mode.ACTIVE:
            return  # as of most commands
        action = worst.action if worst is not None else Action.PASS
        reason = worst.reason if worst is not None else ""
        if action >= Action.STOP:
            self._last_cause_ns = now_ns
        if action is Action.FAULT:
            self.latch(Mode.FAULT, reason)
        elif action is Action.ESTOP:
            self.latch(Mode.EMERGENCY_STOP, reason)
        elif self.mode is Mode.STARTUP:
            self._judge_startup(action, reason)
        elif self.mode is Mode.STANDBY:
            self.reason = f"not ready: {reason}" if action >= Action.STOP else READY
        elif self.mode in PASSING:
            self._judge_passing(action, reason, scale)
        elif self.mode is Mode.PROTECTIVE_STOP and action >= Action.STOP:
            self.reason = reason

    def latch(self, mode: Mode, reason: str) -> None:
        """Enter a latched mode; a fault is not replaced by an emergency stop."""
        if self.mode is Mode.FAULT or self.mode is mode:
            return
        self._enter(mode, reason)

    def arm(self) -> None:
        """STANDBY -> ACTIVE."""
        self._enter(Mode.ACTIVE, "")

    def disarm(self, reason: str) -> None:
        """Any armed mode -> STANDBY."""
        if self.is_armed:
            self._enter(Mode.STANDBY, reason)

    def reset(self) -> None:
        """Latched -> STANDBY."""
        self._enter(Mode.STANDBY, READY)

    def resume_if_due(self, is_at_rest: bool, scale: float, now_ns: int) -> bool:
        """PROTECTIVE_STOP -> ACTIVE, or SLOWED for a `scale` below 1, when the robot rests and the cause has
        been gone long enough.
        """
        if is_at_rest and self.is_resume_due(now_ns):
            self._judge_passing(Action.PASS, "speed comes back", scale)
            return True
        return False

    def is_resume_due(self, now_ns: int) -> bool:
        """PROTECTIVE_STOP whose cause has been gone long enough."""
        is_gone = now_ns - self._last_cause_ns >= self._resume_after_ns
        return self.mode is Mode.PROTECTIVE_STOP and is_gone and self._resumes_by_itself

    def _judge_startup(self, action: Action, reason: str) -> None:
        if action < Action.STOP:
            self._enter(Mode.STANDBY, READY)
        else:
            self.reason = f"waiting: {reason}"

    def _judge_passing(self, action: Action, reason: str, scale: float) -> None:
        if action >= Action.STOP:
            self._enter(Mode.PROTECTIVE_STOP, reason)
        elif scale < 1.0:
            self._enter(Mode.SLOWED, reason)
            self.scale = scale
        else:
            self._enter(Mode.ACTIVE, "")

    def _enter(self, mode: Mode, reason: str) -> None:
        if mode is not self.mode:
            self._transitions.append(Transition(self.mode, mode, reason))
        self.mode, self.reason = mode, reason
        self.scale = 1.0 if mode is Mode.ACTIVE else 0.0
