"""load_model: another model comes up beside the running one, takes over at a chunk border or leaves again."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Protocol

from diagnostic_msgs.msg import DiagnosticStatus
from rcl_interfaces.srv import SetParametersAtomically
from rclpy.node import Node
from rclpy.parameter import parameter_value_to_python

from noetra_ros.core.config import load, setting
from noetra_ros.core.errors import NoetraError
from noetra_ros.policy.swap_trial import Step, SwapTrial
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.ros import interfaces
from noetra_ros.ros.parked_service import Answer, ParkedService
from noetra_ros.ros.policy_loading import LoadedPolicy, PolicySettings, load_policy
from noetra_ros.ros.policy_seat import PolicySeat, give_back
from noetra_ros.ros.urgency import lower_thread


@dataclass(frozen=True)
class ModelRequest:
    """Parameters of load_model; what is left out stays as it is, but for the checkpoint."""

    policy: str = setting(description="backend: a file of noetra_ros/policy/backends")
    checkpoint: str = setting(description="folder of a model; empty = the one that ships", default="")
    device: str = setting(description="cpu or cuda; empty = as now", choices=("", "cpu", "cuda"), default="")


class Seats(Protocol):
    """What the node does for a swap."""

    seat: PolicySeat

    def seated(self, policy: LoadedPolicy, worker: InferenceWorker, settings: PolicySettings) -> PolicySeat:
        """A place for a model, with its observations wired."""

    def take_seat(self, seat: PolicySeat) -> None:
        """Follow the chunks of this model from now on."""


class PolicySwap:
    """Serves load_model for a policy node.

    Args:
        node: a policy node.
        seats: the same, for its models.
        settings: of the node.
        is_simulated: the simulator's truth can be had.
    """

    def __init__(self, node: Node, seats: Seats, settings: PolicySettings, is_simulated: bool) -> None:
        self._node, self._seats, self._settings, self._is_simulated = node, seats, settings, is_simulated
        self.is_active = False
        self.candidate: PolicySeat | None = None
        self._former: PolicySeat | None = None
        self._trial: SwapTrial | None = None
        self._loading: InferenceWorker | None = None
        self._answer: Answer | None = None
        self._told = ""
        self._service = ParkedService(node, interfaces.LOAD_MODEL, self._on_request)

    def status(self, name: str) -> list[DiagnosticStatus]:
        """A line of /diagnostics with what became of the last request; none before the first."""
        level = DiagnosticStatus.WARN if self._told.startswith("refused") else DiagnosticStatus.OK
        line = DiagnosticStatus(
            level=level, name=f"{name}: load_model", message=self._told, hardware_id="policy"
        )
        return [line] if self._told else []

    @property
    def is_trying(self) -> bool:
        """A model is on trial: its answers are counted before they are followed."""
        return self._trial is not None

    def follow(self, instruction: str, since_ns: int) -> None:
        """The sentence has changed: the model on trial hears it too."""
        if self.candidate is not None:
            self.candidate.follow(instruction, since_ns)

    def on_chunk(self, seat: PolicySeat) -> None:
        """A model has answered; the one on trial may take over before its chunk is published."""
        if self._trial is not None and seat in (self.candidate, self._seat_on_probation):
            self._do(self._trial.on_chunk(time.monotonic()), "")

    def on_failure(self, seat: PolicySeat, words: str) -> bool:
        """A model has failed; true where that is dealt with here."""
        if self._trial is None or seat not in (self.candidate, self._seat_on_probation):
            return False
        self._do(self._trial.on_failure(), words)
        return True

    def watch(self) -> None:
        """Time goes by."""
        if self._trial is None:
            return
        seat = self.candidate or self._seats.seat
        step = self._trial.on_watch(time.monotonic(), seat.session.is_following)
        if step is Step.SETTLE and self.candidate is not None:
            self._take_over()
        last = seat.session.last
        self._do(step, f"no chunk: {last.detail or last.state.name.lower()}")

    def close(self) -> None:
        """The node stops: what is on trial leaves."""
        if self._trial is not None:
            self._do(self._trial.on_failure(), "the policy node was deactivated")
        self.is_active = False

    def destroy(self) -> None:
        """Take the service down."""
        self._service.close()

    @property
    def _seat_on_probation(self) -> PolicySeat | None:
        return self._seats.seat if self._former is not None else None

    def _on_request(self, request: Any, answer: Answer) -> None:
        if refusal := self._refusal():
            _respond(answer, False, refusal)
            return
        given = {p.name: parameter_value_to_python(p.value) for p in request.parameters}
        try:
            wanted = load(ModelRequest, given, "load_model")
        except NoetraError as error:
            _respond(answer, False, str(error))
            return
        settings = replace(
            self._settings,
            policy=wanted.policy,
            checkpoint=wanted.checkpoint,
            device=wanted.device or self._settings.device,
        )
        self._begin(settings, answer)

    def _refusal(self) -> str:
        """Why no model can be loaded now; empty = one can."""
        if not self.is_active:
            return "the policy node is not active: configure and activate it first"
        if self._settings.lock_step:
            return "not in lock-step: the same seed has to give the same run; restart with the other model"
        if self._loading is not None or self._trial is not None:
            return "another model is being loaded or is on trial: wait for its answer"
        return ""

    def _begin(self, settings: PolicySettings, answer: Answer) -> None:
        worker = InferenceWorker("loading")
        loader = InferenceWorker("preflight")  # waits for the first, so that no callback has to
        worker.call(lower_thread)
        loader.call(lower_thread)
        self._loading, self._answer = worker, answer
        self._told = f"loading {settings.policy} {settings.checkpoint}".strip()
        done = loader.call(lambda: load_policy(settings, worker, self._is_simulated))

        def on_done(future: Any) -> None:
            if self._node.executor is not None:
                self._node.executor.create_task(self._on_loaded, settings, worker, future)

        done.add_done_callback(on_done)
        loader.finish()

    def _on_loaded(self, settings: PolicySettings, worker: InferenceWorker, future: Any) -> None:
        self._loading = None
        error = future.exception()
        if error is not None:
            worker.finish()
            self._end(False, f"refused: {error}")
            return
        policy: LoadedPolicy = future.result()
        if not self.is_active:
            give_back(policy, worker, 0.0)
            self._end(False, "refused: the policy node was deactivated")
            return
        try:
            self.candidate = self._seats.seated(policy, worker, settings)
        except NoetraError as fault:
            give_back(policy, worker, 0.0)
            self._end(False, f"refused: {fault}")
            return
        self.candidate.follow(self._seats.seat.session.instruction, 0)
        self._trial = SwapTrial(time.monotonic())
        self._told = f"{policy.backend.spec.model} is loaded, waiting for its first chunk"

    def _do(self, step: Step, words: str) -> None:
        if step is Step.TAKE_OVER:
            self._take_over()
        elif step is Step.SETTLE:
            self._settle()
        elif step in (Step.DROP, Step.GO_BACK):
            self._leave(words)

    def _take_over(self) -> None:
        assert self.candidate is not None
        seat, self._former, self.candidate = self.candidate, self._seats.seat, None
        self._former.worker.drop()
        self._seats.take_seat(seat)
        self._told = f"{seat.spec.model} has taken over from {self._former.spec.model}, on trial"

    def _settle(self) -> None:
        assert self._former is not None
        former, self._former, self._trial = self._former, None, None
        self._end(True, f"{self._seats.seat.spec.model} has taken over from {former.spec.model}")
        former.close(0.0)

    def _leave(self, words: str) -> None:
        """The one on trial goes, the former or running model stays."""
        leaving = self.candidate or self._seats.seat
        former, self._former, self.candidate, self._trial = self._former, None, None, None
        if former is not None:
            instruction = leaving.session.instruction
            self._seats.take_seat(former)
            former.follow(instruction, 0)
        self._end(False, f"refused: {leaving.spec.model} {words}; {self._seats.seat.spec.model} goes on")
        leaving.close(0.0)

    def _end(self, is_successful: bool, words: str) -> None:
        self._told = words
        log = self._node.get_logger()
        (log.info if is_successful else log.error)(f"load_model: {words}")
        if self._answer is not None:
            answer, self._answer = self._answer, None
            _respond(answer, is_successful, words)


def _respond(answer: Answer, is_successful: bool, words: str) -> None:
    response = SetParametersAtomically.Response()
    response.result.successful, response.result.reason = is_successful, words
    answer(response)
