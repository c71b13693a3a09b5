"""One model in its place: its thread, its observations, when it is asked and what it carries on from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from noetra_ros.core.types import ActionChunk, Observation
from noetra_ros.policy.backend import answer_after
from noetra_ros.policy.chunk_timing import ChunkTiming
from noetra_ros.policy.picture_resize import as_given, ways_of
from noetra_ros.policy.session import PolicySession
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.ros.policy_inputs import PolicyInputs
from noetra_ros.ros.policy_loading import LoadedPolicy, PolicySettings, period_s


@dataclass(eq=False)
class PolicySeat:
    """What belongs to one model and to no other.

    Attributes:
        policy: model and robot.
        worker: the thread that loaded it and asks it.
        settings: of the node.
        inputs: its observations; set by who wires it.
    """

    policy: LoadedPolicy
    worker: InferenceWorker
    settings: PolicySettings
    inputs: PolicyInputs = field(init=False)

    def __post_init__(self) -> None:
        self.period_s = period_s(self.settings, self.spec)
        self.session = PolicySession(self.period_s, self.spec.needs_instruction)
        self.timing = ChunkTiming(self.spec, self.settings.injected_latency_s, self.settings.lock_step)
        self._ways = ways_of(self.policy.profile.cameras)
        self._reset_run = -1

    @property
    def spec(self) -> PolicySpec:
        """What the model needs and gives."""
        return self.policy.backend.spec

    def follow(self, instruction: str, since_ns: int) -> None:
        """Follow another sentence from the next observation on."""
        self.session.follow(instruction, since_ns)
        self.worker.drop()

    def ask(self, observation: Observation, run: int, now_ns: Callable[[], int]) -> ActionChunk:
        """One inference, on the worker's thread; a new run begins with a reset."""
        if run != self._reset_run:
            self.policy.backend.reset()
            self.timing.forget()
            self._reset_run = run
        seen = as_given(observation, self._ways)
        # What a chunk that will be corrected has to carry on from is known only when it is corrected.
        prefix_of = _nothing if self.settings.corrector else self.timing.prefix
        answer = answer_after(self.policy.backend, seen, prefix_of)
        self.timing.note(answer, now_ns())
        return answer

    def counts(self) -> dict[str, object]:
        """What belongs to latency beside durations, for /diagnostics."""
        delay, spec = self.timing.delay, self.spec
        return {
            "observations replaced": self.worker.replaced,
            "delay p95 [actions]": delay.p95_rows(spec.start_offset_s, spec.step_s),
            "cold starts left out": delay.left_out,
            "chunks beyond the envelope": self.timing.asked_plain,
        }

    def close(self, timeout_s: float = 5.0) -> None:
        """Take the wires off, give the model back; a thread that hangs is not waited for longer."""
        self.inputs.close()
        give_back(self.policy, self.worker, timeout_s)


def _nothing(stamp_ns: int) -> None:
    """Nothing to carry on from."""


def give_back(policy: LoadedPolicy, worker: InferenceWorker, timeout_s: float) -> None:
    """End a model and its thread; a model that holds a process or a connection has a `close` of its own."""
    close = getattr(policy.backend, "close", None)
    if close is not None:
        worker.call(close)
    worker.close(timeout_s)
