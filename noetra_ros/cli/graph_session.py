"""Drives a running graph as a person would: reset the world, arm, give a sentence, press the e-stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, NamedTuple

import rclpy
from rclpy.action import ActionClient
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.signals import SignalHandlerOptions
from std_srvs.srv import Trigger

from noetra_ros.action import RunTask
from noetra_ros.cli.graph_words import event_record, mode_name
from noetra_ros.core.errors import NoetraError
from noetra_ros.evaluation.records import SafetyEventRecord
from noetra_ros.msg import (
    PhysicsState,
    PolicyStatus,
    SafetyEvent,
    SafetyState,
    SeparationState,
    StreamerStatus,
)
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.ros.spin import make_executor
from noetra_ros.srv import ResetWorld

ANSWER_TIMEOUT_S = 20.0
ASK_AGAIN_S = 5.0
ARM_TIMEOUT_S = 10.0
SPIN_S = 0.05


class GraphError(NoetraError):
    """The graph did not answer, or a part of it has ended."""


class SeparationReport(NamedTuple):
    """What the supervisor said of the nearest person at one instant.

    Attributes:
        time_s: simulated time.
        distance_m: measured distance; NaN = nobody.
        required_m: protective separation distance; NaN = nobody.
        scale: speed scale in force, 0..1.
    """

    time_s: float
    distance_m: float
    required_m: float
    scale: float


class GraphSession:
    """A node that talks to the graph. Use it as a context manager, from one thread.

    Args:
        what_died: says what has died, or nothing; looked at while waiting, so that a crash ends the wait.
        name: name of the node.
    """

    def __init__(self, what_died: Callable[[], str] = lambda: "", name: str = "noetra_session") -> None:
        self._what_died = what_died
        self.modes: list[tuple[int, str]] = []
        self.events: list[SafetyEventRecord] = []
        self.separations: list[SeparationReport] = []
        self.safety: SafetyState | None = None
        self.physics: PhysicsState | None = None
        self.policy: PolicyStatus | None = None
        self.streamer: StreamerStatus | None = None
        rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
        self.node = Node(name, parameter_overrides=[Parameter("use_sim_time", value=True)])
        self.executor = make_executor()
        self.executor.add_node(self.node)
        self._listen()
        self._services = {
            s.name: self.node.create_client(s.kind, s.name)
            for s in (interfaces.ARM, interfaces.DISARM, interfaces.RESET, interfaces.ESTOP_CALL)
        }
        self._reset_world = self.node.create_client(interfaces.RESET_WORLD.kind, interfaces.RESET_WORLD.name)
        self._run_task = ActionClient(self.node, interfaces.RUN_TASK.kind, interfaces.RUN_TASK.name)
        self._estop = interfaces.ESTOP.publisher(self.node)

    def __enter__(self) -> GraphSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.executor.shutdown()
        self._run_task.destroy()
        self.node.destroy_node()
        rclpy.try_shutdown()

    def _listen(self) -> None:
        interfaces.SAFETY_STATE.subscription(self.node, self._on_safety, every_message=True)
        interfaces.SAFETY_EVENT.subscription(self.node, self._on_event, every_message=True)
        interfaces.SEPARATION.subscription(self.node, self._on_separation, every_message=True)
        interfaces.PHYSICS_STATE.subscription(self.node, lambda m: setattr(self, "physics", m))
        interfaces.POLICY_STATUS.subscription(self.node, lambda m: setattr(self, "policy", m))
        interfaces.STREAMER_STATUS.subscription(self.node, lambda m: setattr(self, "streamer", m))

    def _on_safety(self, message: SafetyState) -> None:
        self.safety = message
        mode = mode_name(message.mode)
        if not self.modes or self.modes[-1][1] != mode:
            self.modes.append((stamp_to_ns(message.header.stamp), mode))

    def _on_event(self, message: SafetyEvent) -> None:
        self.events.append(event_record(message))

    def _on_separation(self, message: SeparationState) -> None:
        distances_m = (message.distance, message.required) if message.has_person else (math.nan, math.nan)
        time_s = stamp_to_ns(message.header.stamp) * 1e-9
        self.separations.append(SeparationReport(time_s, *distances_m, message.scale))

    def forget(self, before_ns: int) -> None:
        """Begin new lists of events and modes; the mode that is in force stays, from `before_ns` on."""
        self.events.clear()
        self.separations.clear()
        self.modes = [(before_ns, self.mode)]

    @property
    def now_ns(self) -> int:
        """Simulated time; 0 before the first /clock."""
        return int(self.node.get_clock().now().nanoseconds)

    @property
    def now_s(self) -> float:
        """Simulated time, s; 0 before the first /clock."""
        return self.now_ns * 1e-9

    @property
    def mode(self) -> str:
        """Mode of the supervisor, small letters; ``unknown`` before its first report."""
        return mode_name(self.safety.mode) if self.safety else "unknown"

    def spin(self, timeout_s: float = SPIN_S) -> None:
        """Take what has come in; waits a moment where there is nothing."""
        self.executor.spin_once(timeout_sec=timeout_s)
        died = self._what_died()
        if died:
            raise GraphError(died)

    def wait_until(self, is_done: Callable[[], bool], timeout_s: float, what: str) -> None:
        """Serve the node until `is_done`.

        Raises:
            GraphError: not done within `timeout_s` of wall time, or a part of the graph ended.
        """
        end = time.monotonic() + timeout_s
        while not is_done():
            if time.monotonic() > end:
                raise GraphError(f"waited {timeout_s:g} s for {what}; last seen: {self._last_seen()}")
            self.spin()

    def wait_ready(self, timeout_s: float) -> None:
        """Wait until every part answers: supervisor in STANDBY, policy loaded, all services there.

        Raises:
            GraphError: names the part that does not.
        """
        self.wait_until(lambda: self._reset_world.service_is_ready(), timeout_s, "the simulator (sim/reset)")
        self.wait_until(lambda: self._run_task.server_is_ready(), timeout_s, "the policy (run_task)")
        self.wait_until(lambda: self.policy is not None, timeout_s, "the policy (policy/status)")
        self.wait_until(lambda: self.streamer is not None, timeout_s, "the streamer (streamer/status)")
        for name, client in self._services.items():
            self.wait_until(client.service_is_ready, timeout_s, f"the supervisor ({name})")
        self.wait_mode("standby", timeout_s)

    def wait_mode(self, mode: str, timeout_s: float) -> None:
        """Wait for a mode of the supervisor."""
        self.wait_until(lambda: self.mode == mode, timeout_s, f"the supervisor to be in {mode}")

    def trigger(self, service: interfaces.Service) -> Trigger.Response:
        """Call one of the supervisor's services and give its answer. What a supervisor is asked while it
        comes up may be lost, though its service is known already: it is asked once more.
        """
        client = self._services[service.name]
        try:
            return self._call(client, Trigger.Request(), service.name, ASK_AGAIN_S)
        except GraphError:
            return self._call(client, Trigger.Request(), service.name)

    def arm(self, timeout_s: float = ARM_TIMEOUT_S) -> None:
        """Arm the supervisor; asks again while it refuses, since a stream may just be coming up.

        Raises:
            GraphError: it refused to the end, with its own words.
        """
        end = time.monotonic() + timeout_s
        while not (answer := self.trigger(interfaces.ARM)).success:
            if time.monotonic() > end:
                raise GraphError(f"the supervisor refused to arm: {answer.message}")
            self.spin()

    def reset_world(
        self, seed: int, task: str, variation: str, trace_path: str, person: str = ""
    ) -> ResetWorld.Response:
        """Start an episode of the simulator.

        Raises:
            GraphError: it refused, with its own words.
        """
        request = ResetWorld.Request(
            seed=seed, task=task, variation=variation, trace_path=trace_path, person=person
        )
        answer = self._call(self._reset_world, request, "sim/reset")
        if not answer.success:
            raise GraphError(f"sim/reset refused: {answer.message}")
        return answer

    def press_estop(self, is_pressed: bool) -> None:
        """Press or let go the e-stop topic."""
        self._estop.publish(interfaces.ESTOP.message(data=is_pressed))  # type: ignore[misc]

    @contextmanager
    def task(self, instruction: str, time_limit_s: float) -> Iterator[RunningTask]:
        """Give the policy a sentence; it is cancelled when the block is left before its end.

        Raises:
            GraphError: the policy refused the goal or did not answer.
        """
        goal = RunTask.Goal(instruction=instruction, time_limit_s=time_limit_s)
        handle = self._await(self._run_task.send_goal_async(goal), "run_task")
        if not handle.accepted:
            raise GraphError(f"the policy refused {instruction!r}: {self._policy_words()}")
        running = RunningTask(handle)
        try:
            yield running
        finally:
            if not running.is_over and not running.is_abandoned and not self._what_died():
                self._await(handle.cancel_goal_async(), "the end of run_task")
                self.wait_until(lambda: running.is_over, ANSWER_TIMEOUT_S, "the result of run_task")

    def _call(self, client: Any, request: Any, name: str, timeout_s: float = ANSWER_TIMEOUT_S) -> Any:
        # What is asked before the service is there is never answered.
        self.wait_until(client.service_is_ready, ANSWER_TIMEOUT_S, f"the service {name}")
        return self._await(client.call_async(request), name, timeout_s)

    def _await(self, future: Any, what: str, timeout_s: float = ANSWER_TIMEOUT_S) -> Any:
        self.wait_until(future.done, timeout_s, f"an answer of {what}")
        return future.result()

    def _policy_words(self) -> str:
        return self.policy.detail if self.policy and self.policy.detail else "no reason given"

    def _last_seen(self) -> str:
        reason = f" ({self.safety.reason})" if self.safety and self.safety.reason else ""
        return f"supervisor {self.mode}{reason}, policy: {self._policy_words()}"


class RunningTask:
    """A goal that the policy has taken."""

    def __init__(self, handle: Any) -> None:
        self._result = handle.get_result_async()
        self.is_abandoned = False

    def abandon(self) -> None:
        """Nobody is left to end it: the policy is gone."""
        self.is_abandoned = True

    @property
    def is_over(self) -> bool:
        """The policy has reported the end."""
        return bool(self._result.done())

    @property
    def result(self) -> RunTask.Result | None:
        """How it ended; None before that."""
        return self._result.result().result if self.is_over else None
