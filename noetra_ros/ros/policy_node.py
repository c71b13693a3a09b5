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
from noetra_ros.core.types import ActionChunk, Observation
from noetra_ros.msg import PolicyStatus, SafetyState
from noetra_ros.policy.assembly import NS_PER_S, Incomplete
from noetra_ros.policy.session import PolicySession, RunState
from noetra_ros.policy.task_run import End, Ending
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.camera_hub import CameraHub
from noetra_ros.ros.chunk_correction import correction_of
from noetra_ros.ros.chunk_outlet import ChunkOutlet
from noetra_ros.ros.conversions import ns_to_stamp
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
from noetra_ros.ros.policy_loading import LoadedPolicy, PolicySettings, load_policy
from noetra_ros.ros.policy_report import diagnostics_of, status_of
from noetra_ros.ros.policy_seat import PolicySeat
from noetra_ros.ros.policy_swap import PolicySwap
from noetra_ros.ros.spin import run_node
from noetra_ros.ros.task_server import TaskServer
from noetra_ros.ros.urgency import lower_thread

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
        worker = InferenceWorker()
        worker.call(lower_thread)
        try:
            policy = load_policy(settings, worker, self._is_simulated())
        except NoetraError:
            worker.close()
            raise
        self.stages = policy_stages()
        self.missed_deadlines = 0
        self.reported: PolicyStatus | None = None
        self._wire(policy.profile)
        self.seat = self.seated(policy, worker, settings)
        self.swap = PolicySwap(self, self, settings, self._is_simulated())
        self.correction = correction_of(self, policy.profile, settings, self.hub, self.outlet)

    def seated(self, policy: LoadedPolicy, worker: InferenceWorker, settings: PolicySettings) -> PolicySeat:
        """A place for a model, with its observations wired.

        Raises:
            ConfigError: the profile does not say how one of its streams is aligned.
        """
        seat = PolicySeat(policy, worker, settings)
        on_beat = functools.partial(self._look, seat)
        on_unreadable = functools.partial(self.on_unreadable, seat)
        need = (policy.backend.spec, policy.profile, policy.planner)
        seat.inputs = PolicyInputs(self, *need, settings, self.hub, on_beat, on_unreadable)
        return seat

    def take_seat(self, seat: PolicySeat) -> None:
        """Follow the chunks of this model from now on."""
        self.seat = seat
        self.outlet.give_to(seat)
        self.report()

    @property
    def session(self) -> PolicySession:
        """What the running model does."""
        return self.seat.session

    def _wire(self, profile: RobotProfile) -> None:
        self.outputs = {
            topic.name: topic.publisher(self)
            for topic in (
                interfaces.POLICY_STATUS,
                interfaces.HEARTBEAT,
                interfaces.DIAGNOSTICS,
            )
        }
        self.outlet = ChunkOutlet(self)
        self.tasks = TaskServer(self, self.follow, self._clock_ns, lambda: self.outlet.inference.chunks_sent)
        self.told = [
            interfaces.INSTRUCTION.subscription(self, self.on_instruction),
            interfaces.SAFETY_STATE.subscription(self, self.on_safety),
        ]
        every, transport = self.settings.lock_step, self.settings.image_transport
        shared = self._shared_hub
        self.hub = shared() if shared is not None else CameraHub(self, profile, every, transport)

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
        self.tasks.is_active = self.swap.is_active = True
        self.outlet.give_to(self.seat)
        self.follow(self.settings.instruction)
        self.timers_running = [self.create_timer(s, callback, clock=steady) for s, callback in periods]

    def deactivate(self) -> None:
        """Stop following."""
        self.tasks.is_active = False
        self.outlet.give_to(None)
        self.correction.forget()
        self.tasks.end(Ending(End.CANCELED, "the policy node was deactivated"))
        for timer in self.timers_running:
            self.destroy_timer(timer)
        self.swap.close()
        self.seat.worker.drop()
        self.seat.inputs.clear()
        self.session.forget()
        self.follow("")

    def cleanup(self) -> None:
        """Give the model back, take the wires off."""
        self.tasks.close()
        self.swap.destroy()
        self.correction.close()
        self.seat.close()
        for subscription in self.told:
            self.destroy_subscription(subscription)
        self.outlet.close(self)
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

    def on_unreadable(self, seat: PolicySeat, words: str) -> None:
        """A message that cannot be read."""
        self.get_logger().error(words, throttle_duration_sec=5.0)
        self._note(seat, Incomplete(words))

    def follow(self, instruction: str) -> None:
        """Follow another sentence; empty = stop following."""
        since_ns = self._clock_ns() if self.settings.lock_step else 0
        with self.outlet.turn:
            self.seat.follow(instruction.strip(), since_ns)
            self.swap.follow(instruction.strip(), since_ns)
        self.report()

    def check_task(self) -> None:
        """End the goal of run_task where it is over; in lock-step its time is up at an observation only."""
        self._check_task(None if self.settings.lock_step else self._clock_ns())

    def _check_task(self, now_ns: int | None) -> None:
        last = self.session.last
        self.tasks.check(last.detail if last.state is RunState.FAULT else "", now_ns)

    def on_watch(self) -> None:
        """Inputs that have stopped, a goal whose time is up."""
        for seat in (self.seat, self.swap.candidate):
            if seat is not None and not seat.inputs.has_beat:
                self._look(seat)
            elif seat is not None and not self.settings.lock_step:
                self._note_silence(seat)
        self.swap.watch()
        self.check_task()
        self.tasks.report()

    def beat(self) -> None:
        """A sign of life."""
        self._publish(interfaces.HEARTBEAT, Header(stamp=self._stamp(), frame_id=NODE_NAME))

    def report(self) -> None:
        """policy/status now."""
        self.reported = status_of(self.session, self.outlet.inference, self.seat.spec.model)
        self.reported.header.stamp = self._stamp()
        self._publish(interfaces.POLICY_STATUS, self.reported)

    def on_diagnostics(self) -> None:
        """/diagnostics."""
        name = self.get_fully_qualified_name()
        own = {"missed deadlines": self.missed_deadlines}
        counts = {**own, **self.seat.counts(), **self.correction.counts()}
        message = DiagnosticArray(
            status=[
                diagnostics_of(name, self.session, self.outlet.inference, self.seat.worker.replaced),
                latency_status(name, self.stages, counts),
                *self.swap.status(name),
            ]
        )
        message.header.stamp = self._stamp()
        self._publish(interfaces.DIAGNOSTICS, message)

    def _look(self, seat: PolicySeat) -> None:
        """Its parts have reached a newer instant; a former model is kept filled, but not asked."""
        is_running = seat is self.seat
        if not is_running and seat is not self.swap.candidate:
            return
        now_ns = self._clock_ns()
        found = seat.inputs.take(now_ns, seat.session.instruction)
        if isinstance(found, Incomplete):
            return  # a part is still on its way; `_note_silence` says so where it does not come
        before = seat.session.last
        look = seat.session.look(found)
        if look.is_due:
            self.stages.add(TO_OBSERVATION, (now_ns - found.stamp_ns) / NS_PER_S)
            job = functools.partial(self._infer, seat, found, seat.session.run, time.perf_counter())
            seat.worker.submit(job)
        if not is_running:
            return
        if self.settings.lock_step:
            self.beat()
        if self.settings.lock_step or (look.state, look.detail) != (before.state, before.detail):
            self.report()
        self._check_task(found.stamp_ns if self.settings.lock_step else now_ns)

    def _note_silence(self, seat: PolicySeat) -> None:
        if found := seat.inputs.silence(self._clock_ns()):
            self._note(seat, found)

    def _note(self, seat: PolicySeat, incomplete: Incomplete) -> None:
        before = seat.session.last
        if seat.session.wait(incomplete.reason).state is not before.state and seat is self.seat:
            self.report()

    def _infer(self, seat: PolicySeat, observation: Observation, run: int, complete_s: float) -> None:
        """On the worker's thread: one inference; what is more than a chunk to send goes to the executor's."""
        age_s = (self._clock_ns() - observation.stamp_ns) / NS_PER_S
        begun_s = time.perf_counter()
        self.stages.add(TO_INFERENCE, begun_s - complete_s)
        answer: ActionChunk | Exception
        try:
            answer = seat.ask(observation, run, self._clock_ns)
        except Exception as error:  # whatever a model raises is a fault of the model, told in policy/status
            answer = error
            self.outlet.fail(seat, run)
        done_s = time.perf_counter()
        self.stages.add(INFERENCE, done_s - begun_s)
        self.missed_deadlines += done_s - begun_s > seat.period_s
        # in lock-step what is published has an order, that of the executor
        if isinstance(answer, ActionChunk) and not self.swap.is_trying and not self.settings.lock_step:
            self._send(seat, answer, run, age_s, done_s)
        elif self.executor is not None:
            self.executor.create_task(self._on_answer, seat, answer, run, age_s, done_s)

    def _on_answer(
        self, seat: PolicySeat, answer: ActionChunk | Exception, run: int, age_s: float, done_s: float
    ) -> None:
        if run != seat.session.run or not self.tasks.is_active:
            return  # the sentence has changed meanwhile
        if isinstance(answer, Exception):
            self._on_failure(seat, f"{type(answer).__name__}: {answer}", run)
        elif seat.session.last.state is not RunState.FAULT:
            self.swap.on_chunk(seat)
            self._send(seat, answer, run, age_s, done_s)

    def _send(self, seat: PolicySeat, answer: ActionChunk, run: int, age_s: float, done_s: float) -> None:
        if self.outlet.send(seat, answer, run, age_s):
            self.stages.add(TO_CHUNK, time.perf_counter() - done_s)

    def _on_failure(self, seat: PolicySeat, words: str, run: int) -> None:
        if self.swap.on_failure(seat, words) or seat is not self.seat or not seat.session.fail(run, words):
            return
        self.get_logger().error(f"the model failed: {words}")
        self.report()
        self.check_task()

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
