"""What a policy is doing: its sentence, when the next inference is due, why it waits or has failed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from noetra_ros.core.types import Observation
from noetra_ros.policy.assembly import NS_PER_S, Incomplete

# Cameras jitter: a picture may come by this share of the period too early and still be the next one.
EARLY_SHARE = 0.1


class RunState(Enum):
    """State of a policy; the values are those of PolicyStatus.STATE_*."""

    IDLE = 1
    RUNNING = 2
    WAITING = 3
    FAULT = 4


@dataclass(frozen=True)
class Look:
    """What came of a look at the inputs.

    Attributes:
        state: state after it.
        detail: why it waits or has failed; empty when all is well.
        observation_ns: stamp of the newest complete observation; 0 = none yet.
        is_due: an inference for it begins now.
    """

    state: RunState
    detail: str
    observation_ns: int
    is_due: bool


class PolicySession:
    """Decides by stamps alone, so that the same stamps give the same chunks.

    Args:
        period_s: s between two inferences.
        needs_instruction: without a sentence there is nothing to do.
    """

    def __init__(self, period_s: float, needs_instruction: bool) -> None:
        self._period_ns = round(period_s * NS_PER_S)
        self._needs_instruction = needs_instruction
        self._instruction = ""
        self._fault = ""
        self._run = 0
        self._due_ns: int | None = None
        self._since_ns = 0
        self._last = Look(RunState.IDLE, "", 0, is_due=False)

    @property
    def instruction(self) -> str:
        """The sentence that is followed; empty = none."""
        return self._instruction

    @property
    def run(self) -> int:
        """Number of the present run; an answer to an earlier run is void."""
        return self._run

    @property
    def last(self) -> Look:
        """What the last look, change of sentence or failure has left."""
        return self._last

    @property
    def is_following(self) -> bool:
        """Inferences are wanted."""
        return not self._fault and bool(self._instruction or not self._needs_instruction)

    def follow(self, instruction: str, since_ns: int = 0) -> None:
        """Follow another sentence from the next observation on. A failure is forgotten.

        Args:
            instruction: empty = stop following.
            since_ns: only observations after this instant count.
        """
        self._instruction, self._fault, self._since_ns = instruction, "", since_ns
        self._run += 1
        self._due_ns = None
        state = RunState.RUNNING if self.is_following else RunState.IDLE
        self._last = Look(state, "", self._last.observation_ns, is_due=False)

    def forget(self) -> None:
        """No observation has been seen: nobody waits for an answer to the next one."""
        self._last = Look(RunState.IDLE, "", 0, is_due=False)

    def fail(self, run: int, words: str) -> bool:
        """The model failed in `run`; true where that is the present one."""
        if run != self._run:
            return False
        self._fault = words
        self._last = Look(RunState.FAULT, words, self._last.observation_ns, is_due=False)
        return True

    def look(self, observation: Observation | Incomplete) -> Look:
        """Decide what to do with an observation that has not been looked at before."""
        if isinstance(observation, Incomplete):
            return self.wait(observation.reason)
        stamp_ns = observation.stamp_ns
        if not self.is_following:
            state = RunState.FAULT if self._fault else RunState.IDLE
            self._last = Look(state, self._fault, stamp_ns, is_due=False)
            return self._last
        is_due = self.is_due_at(stamp_ns)
        if is_due:
            self._due_ns = self._next_due_ns(stamp_ns)
        self._last = Look(RunState.RUNNING, "", stamp_ns, is_due)
        return self._last

    def is_due_at(self, stamp_ns: int) -> bool:
        """Would an observation of this instant be answered?"""
        return (
            self.is_following
            and stamp_ns > self._since_ns
            and (self._due_ns is None or stamp_ns >= self._due_ns - EARLY_SHARE * self._period_ns)
        )

    def wait(self, reason: str) -> Look:
        """There is no observation to work on; says so where one is wanted."""
        if self.is_following:
            last = self._last
            self._last = Look(RunState.WAITING, reason, last.observation_ns, last.is_due)
        return self._last

    def _next_due_ns(self, stamp_ns: int) -> int:
        """Keeps the beat where an inference came a little early or late, starts a new one after a gap."""
        beat_ns = stamp_ns if self._due_ns is None else self._due_ns
        is_near = abs(stamp_ns - beat_ns) <= EARLY_SHARE * self._period_ns
        return (beat_ns if is_near else stamp_ns) + self._period_ns
