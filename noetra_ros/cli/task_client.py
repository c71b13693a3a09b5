"""A person's side of run_task: send a sentence, watch it being followed, cancel it, learn why it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

import rclpy
from rcl_interfaces.srv import GetParameters
from rclpy.action import ActionClient
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions
from std_srvs.srv import Trigger

from noetra_ros.action import RunTask
from noetra_ros.core.errors import NoetraError
from noetra_ros.core.wording import CHOICES
from noetra_ros.msg import SafetyState
from noetra_ros.ros import interfaces

SPIN_S = 0.05
LANGUAGE_S = 2.0  # how long the language may take; English then
SUPERVISOR = "supervisor"  # name of its node
OPEN_MODES = (SafetyState.MODE_ACTIVE, SafetyState.MODE_SLOWED)


class NoAnswerError(NoetraError):
    """Nobody answered in time."""


class TaskClient:
    """A context manager, used from one thread.

    Args:
        namespace: of the graph.
        timeout_s: s that each answer of the graph may take.
        is_interrupted: true ends every wait.
    """

    def __init__(self, namespace: str, timeout_s: float, is_interrupted: Callable[[], bool]) -> None:
        self._timeout_s, self._is_interrupted = timeout_s, is_interrupted
        self._context = Context()
        rclpy.init(args=[], context=self._context, signal_handler_options=SignalHandlerOptions.NO)
        self._node = Node("noetra_run", namespace=namespace, context=self._context)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        kind = interfaces.RUN_TASK
        self._client = ActionClient(self._node, kind.kind, kind.name)
        self.safety: SafetyState | None = None
        self.feedback: RunTask.Feedback | None = None
        self._result: Any = None
        self._handle: Any = None
        interfaces.SAFETY_STATE.subscription(self._node, self._on_safety)

    def __enter__(self) -> TaskClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown()
        self._client.destroy()
        self._node.destroy_node()
        rclpy.try_shutdown(context=self._context)

    def connect(self) -> None:
        """Wait for policy and supervisor.

        Raises:
            NoAnswerError: says which of them is not there.
        """
        self._wait(self._client.server_is_ready, "no policy offers run_task -> start one with: noetra up")
        words = "no supervisor publishes safety/state -> nothing can move; start one with: noetra up"
        self._wait(lambda: self.safety is not None, words)

    def arm(self) -> str:
        """Arm the supervisor; gives why it refused, empty = armed now."""
        if self.safety is not None and self.safety.mode in OPEN_MODES:
            return ""
        client = self._node.create_client(interfaces.ARM.kind, interfaces.ARM.name)
        self._wait(client.service_is_ready, f"nobody serves {interfaces.ARM.name}")
        future = client.call_async(Trigger.Request())
        self._wait(future.done, f"no answer of {interfaces.ARM.name}")
        answer = future.result()
        return "" if answer.success else str(answer.message)

    def language(self) -> str:
        """Language that the supervisor is set to; English where it does not say."""
        client = self._node.create_client(GetParameters, f"{SUPERVISOR}/get_parameters")
        try:
            self._wait(client.service_is_ready, f"no node {SUPERVISOR}", LANGUAGE_S)
            future = client.call_async(GetParameters.Request(names=["language"]))
            self._wait(future.done, f"no answer of {SUPERVISOR}", LANGUAGE_S)
        except NoAnswerError:
            return "en"  # another supervisor, or one of another name
        values = future.result().values
        return values[0].string_value if values and values[0].string_value in CHOICES else "en"

    def send(self, instruction: str, time_limit_s: float) -> None:
        """Send the goal; `spin` until `result` is there."""
        goal = RunTask.Goal(instruction=instruction, time_limit_s=time_limit_s)
        future = self._client.send_goal_async(goal, feedback_callback=self._on_feedback)
        self._wait(future.done, "the policy does not answer the goal")
        self._handle = future.result()
        if not self._handle.accepted:
            raise NoAnswerError("the policy did not take the goal: is its node active?")
        self._result = self._handle.get_result_async()

    def cancel(self) -> None:
        """Cancel the goal and wait for its end; None as result where the policy does not answer."""
        self._is_interrupted = lambda: False
        self._handle.cancel_goal_async()
        self._wait(self._result.done, "the policy does not answer the cancellation")

    @property
    def result(self) -> RunTask.Result | None:
        """How it ended; None while it runs."""
        if self._result is None or not self._result.done():
            return None
        return self._result.result().result

    @property
    def is_policy_there(self) -> bool:
        """The policy still offers run_task."""
        return bool(self._client.server_is_ready())

    def spin(self) -> None:
        """Take what has come in."""
        self._executor.spin_once(timeout_sec=SPIN_S)

    def _wait(self, is_done: Callable[[], bool], words: str, timeout_s: float | None = None) -> None:
        timeout_s = self._timeout_s if timeout_s is None else timeout_s
        end = time.monotonic() + timeout_s
        while not is_done():
            if self._is_interrupted():
                raise NoAnswerError("interrupted")
            if time.monotonic() > end:
                raise NoAnswerError(f"{words} (waited {timeout_s:g} s)")
            self.spin()

    def _on_safety(self, message: SafetyState) -> None:
        self.safety = message

    def _on_feedback(self, message: Any) -> None:
        self.feedback = message.feedback
