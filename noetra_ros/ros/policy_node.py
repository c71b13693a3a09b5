"""The policy node: a time-aligned observation in, an action chunk out; the model on one fixed thread."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock, ClockType
from std_msgs.msg import Header, String

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import ActionChunk, CommandKind, Observation
from noetra_ros.msg import PolicyStatus, SafetyState
from noetra_ros.policy.assembly import NS_PER_S, Incomplete
from noetra_ros.policy.backend import answer_after
from noetra_ros.policy.chunk_timing import ChunkTiming
from noetra_ros.policy.session import PolicySession, RunState
from noetra_ros.policy.task_run import End, Ending
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.ros import interfaces
from noetra_ros.ros.camera_hub import CameraHub
from noetra_ros.ros.conversions import chunk_to_message, ns_to_stamp
from noetra_ros.ros.latency_report import (
    INFERENCE,
    TO_CHUNK,
    TO_INFERENCE,
    TO_OBSERVATION,
    latency_status,
    policy_stages,
)
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.policy_inputs import PolicyInputs
from noetra_ros.ros.policy_loading import LoadedPolicy, PolicySettings, load_policy, period_s
from noetra_ros.ros.policy_report import Inference, diagnostics_of, status_of
from noetra_ros.ros.spin import run_node
from noetra_ros.ros.task_server import TaskServer

NODE_NAME = "policy"
HEARTBEAT_S = 0.05
WATCH_S = 0.1
STATUS_S = 0.5
DIAGNOSTICS_S = 1.0


class PolicyNode(GraphNode[PolicySettings]):
    """Wires a policy backend to the graph.

    Args:
        hub: gives the cameras of this process, where another node looks through them too; None = its own.
        **node_arguments: passed on to rclpy.
    """

    def __init__(self, hub: Callable[[], CameraHub] | None = None, **node_arguments: Any) -> None:
        super().__init__(NODE_NAME, PolicySettings, **node_arguments)
        self._shared_hub = hub

    def configure(self) -> None:
        """Load the model, wire the topics."""
        settings = self.settings
        self.worker = InferenceWorker()
        try:
            self.policy = load_policy(settings, self.worker, self._is_simulated())
        except NoetraError:
            self.worker.close()
            raise
        spec = self.policy.backend.spec
        self.period_s = period_s(settings, spec)
        self.session = PolicySession(self.period_s, spec.needs_instruction)
        self.timing = ChunkTiming(spec, settings.injected_latency_s)
        self.stages = policy_stages()
        self.missed_deadlines = 0
        self.inference = Inference()
        self.reset_run = -1
        self.reported: PolicyStatus | None = None
        self._wire(self.policy)

    def _wire(self, policy: LoadedPolicy) -> None:
        self.outputs = {
            topic.name: topic.publisher(self)
            for topic in (
                interfaces.POLICY_CHUNK,
                interfaces.POLICY_STATUS,
                interfaces.HEARTBEAT,
                interfaces.DIAGNOSTICS,
            )
        }
        self.tasks = TaskServer(self, self.follow, self._clock_ns, lambda: self.inference.chunks_sent)
        self.told = [
            interfaces.INSTRUCTION.subscription(self, self.on_instruction),
            interfaces.SAFETY_STATE.subscription(self, self.on_safety),
        ]
        hub = self._shared_hub() if self._shared_hub is not None else None
        self.inputs = PolicyInputs(self, policy, self.settings, hub, self._look, self.on_unreadable)

    def activate(self) -> None:
        """Begin to follow the first sentence."""
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        periods: list[tuple[float, Callable[[], None]]] = [
            (WATCH_S, self.on_watch),
            (STATUS_S, self.report),
            (DIAGNOSTICS_S, self.on_diagnostics),
        ]
        if not self.settings.lock_step:
            periods.append((HEARTBEAT_S, self.beat))
        self.tasks.is_active = True
        self.follow(self.settings.instruction)
        self.timers_running = [self.create_timer(s, callback, clock=steady) for s, callback in periods]

    def deactivate(self) -> None:
        """Stop following."""
        self.tasks.is_active = False
        self.tasks.end(Ending(End.CANCELED, "the policy node was deactivated"))
        for timer in self.timers_running:
            self.destroy_timer(timer)
        self.worker.drop()
        self.inputs.clear()
        self.session.forget()
        self.follow("")

    def cleanup(self) -> None:
        """Give the model back, take the wires off."""
        self.tasks.close()
        self.worker.close()
        self.inputs.close()
        for subscription in self.told:
            self.destroy_subscription(subscription)
        for publisher in self.outputs.values():
            self.destroy_publisher(publisher)

    def on_instruction(self, message: String) -> None:
        """A sentence of a person; it takes the place of a goal of run_task."""
        self.tasks.end(Ending(End.CANCELED, "replaced by a sentence on the topic instruction"))
        self.follow(message.data)

    def on_safety(self, message: SafetyState) -> None:
        """A report of the supervisor."""
        self.tasks.on_safety(message)
        self.check_task()

    def on_unreadable(self, words: str) -> None:
        """A message that cannot be read."""
        self.get_logger().error(words, throttle_duration_sec=5.0)
        self._note(Incomplete(words))

    def follow(self, instruction: str) -> None:
        """Follow another sentence; empty = stop following."""
        since_ns = self._clock_ns() if self.settings.lock_step else 0
        self.session.follow(instruction.strip(), since_ns)
        self.worker.drop()
        self.report()

    def check_task(self) -> None:
        """End the goal of run_task where it is over; in lock-step its time is up at an observation only."""
        self._check_task(None if self.settings.lock_step else self._clock_ns())

    def _check_task(self, now_ns: int | None) -> None:
        last = self.session.last
        self.tasks.check(last.detail if last.state is RunState.FAULT else "", now_ns)

    def on_watch(self) -> None:
        """Inputs that have stopped, a goal whose time is up."""
        if not self.inputs.has_beat:
            self._look()
        elif not self.settings.lock_step:
            self._note_silence()
        self.check_task()
        self.tasks.report()

    def beat(self) -> None:
        """A sign of life."""
        self._publish(interfaces.HEARTBEAT, Header(stamp=self._stamp(), frame_id=NODE_NAME))

    def report(self) -> None:
        """policy/status now."""
        self.reported = status_of(self.session, self.inference, self.policy.backend.spec.model)
        self.reported.header.stamp = self._stamp()
        self._publish(interfaces.POLICY_STATUS, self.reported)

    def on_diagnostics(self) -> None:
        """/diagnostics."""
        name = self.get_fully_qualified_name()
        delay, spec = self.timing.delay, self.policy.backend.spec
        counts = {
            "missed deadlines": self.missed_deadlines,
            "observations replaced": self.worker.replaced,
            "delay p95 [actions]": delay.p95_rows(spec.start_offset_s, spec.step_s),
            "cold starts left out": delay.left_out,
            "chunks beyond the envelope": self.timing.asked_plain,
        }
        message = DiagnosticArray(
            status=[
                diagnostics_of(name, self.session, self.inference, self.worker.replaced),
                latency_status(name, self.stages, counts),
            ]
        )
        message.header.stamp = self._stamp()
        self._publish(interfaces.DIAGNOSTICS, message)

    def _look(self) -> None:
        found = self.inputs.take(self._clock_ns(), self.session.instruction)
        if isinstance(found, Incomplete):
            return  # a part is still on its way; `_note_silence` says so where it does not come
        before = self.session.last
        look = self.session.look(found)
        if self.settings.lock_step:
            self.beat()
        if self.settings.lock_step or (look.state, look.detail) != (before.state, before.detail):
            self.report()
        if look.is_due:
            self.stages.add(TO_OBSERVATION, (self._clock_ns() - found.stamp_ns) / NS_PER_S)
            job = functools.partial(self._infer, found, self.session.run, time.perf_counter())
            self.worker.submit(job)
        self._check_task(found.stamp_ns if self.settings.lock_step else self._clock_ns())

    def _note_silence(self) -> None:
        found = self.inputs.look(self._clock_ns(), self.session.instruction)
        if isinstance(found, Incomplete):
            self._note(found)

    def _note(self, incomplete: Incomplete) -> None:
        before = self.session.last
        if self.session.wait(incomplete.reason).state is not before.state:
            self.report()

    def _infer(self, observation: Observation, run: int, complete_s: float) -> None:
        """On the worker's thread: one inference; its answer goes back to the executor's."""
        age_s = (self._clock_ns() - observation.stamp_ns) / NS_PER_S
        begun_s = time.perf_counter()
        self.stages.add(TO_INFERENCE, begun_s - complete_s)
        answer: ActionChunk | Exception
        try:
            answer = self._ask(observation, run)
        except Exception as error:  # whatever a model raises is a fault of the model, told in policy/status
            answer = error
        done_s = time.perf_counter()
        self.stages.add(INFERENCE, done_s - begun_s)
        self.missed_deadlines += done_s - begun_s > self.period_s
        if self.executor is not None:
            self.executor.create_task(self._on_answer, answer, run, age_s, done_s)

    def _ask(self, observation: Observation, run: int) -> ActionChunk:
        backend = self.policy.backend
        if run != self.reset_run:
            backend.reset()
            self.timing.forget()
            self.reset_run = run
        answer = answer_after(backend, observation, self.timing.prefix(observation.stamp_ns))
        self.timing.note(answer, self._clock_ns())
        return answer

    def _on_answer(self, answer: ActionChunk | Exception, run: int, age_s: float, done_s: float) -> None:
        if isinstance(answer, Exception):
            if self.session.fail(run, f"{type(answer).__name__}: {answer}"):
                self.get_logger().error(f"the model failed: {self.session.last.detail}")
                self.report()
                self.check_task()
            return
        if run != self.session.run or not self.tasks.is_active:
            return  # the sentence has changed meanwhile
        is_twist = answer.kind is CommandKind.BASE_TWIST
        frame = self.policy.profile.base_frame if is_twist else ""
        self._publish(interfaces.POLICY_CHUNK, chunk_to_message(answer, frame))
        self.stages.add(TO_CHUNK, time.perf_counter() - done_s)
        self.inference = self.inference.after(answer.inference_s, age_s)

    def _publish(self, topic: interfaces.Topic, message: Any) -> None:
        self.outputs[topic.name].publish(message)

    def _clock_ns(self) -> int:
        return int(self.get_clock().now().nanoseconds)

    def _stamp(self) -> Any:
        return ns_to_stamp(self._clock_ns())

    def _is_simulated(self) -> bool:
        return bool(self.get_parameter("use_sim_time").value)


def main() -> int:
    """Run the node as a process."""
    return run_node(PolicyNode)


if __name__ == "__main__":
    sys.exit(main())
