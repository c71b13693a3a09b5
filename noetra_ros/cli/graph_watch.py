"""A small node beside the graph: knows when every node is active, and calls the supervisor's services."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import rclpy
from lifecycle_msgs.msg import State
from lifecycle_msgs.srv import GetState
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions
from std_srvs.srv import Trigger

from noetra_ros.core.errors import NoetraError
from noetra_ros.msg import SafetyState
from noetra_ros.ros import interfaces

SPIN_S = 0.05
ASK_AGAIN_S = 0.5


class GraphNotReadyError(NoetraError):
    """A node did not become active in time, or ended before."""


class GraphWatch:
    """Context manager; its ROS context is its own, so the caller may have another.

    Args:
        namespace: of the graph.
        domain_id: its domain; None = as the environment says.
    """

    def __init__(self, namespace: str = "", domain_id: int | None = None) -> None:
        self._context = Context()
        rclpy.init(
            args=[],
            context=self._context,
            domain_id=domain_id,
            signal_handler_options=SignalHandlerOptions.NO,
        )
        self._node = Node(
            "_noetra_watch", namespace=namespace, context=self._context, enable_rosout=False,
            start_parameter_services=False,
        )  # fmt: skip
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        self.safety: SafetyState | None = None
        # Made now, so that it is connected when it is needed.
        self._stop = self._node.create_client(interfaces.DISARM.kind, interfaces.DISARM.name)
        interfaces.SAFETY_STATE.subscription(self._node, self._on_safety)

    def __enter__(self) -> GraphWatch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown()
        self._node.destroy_node()
        rclpy.try_shutdown(context=self._context)

    def wait_active(self, names: Sequence[str], timeout_s: float, why_end: Callable[[], str]) -> None:
        """Wait until every named node says that it is active.

        Args:
            names: nodes.
            timeout_s: s for all of them together.
            why_end: why to wait no longer; empty = go on.

        Raises:
            GraphNotReadyError: names the nodes that do not, or says why the wait has ended.
        """
        missing = dict.fromkeys(names, "does not answer")
        end = time.monotonic() + timeout_s
        for name in names:
            client = self._node.create_client(GetState, f"{name}/get_state")
            while missing.get(name):
                if reason := why_end():
                    raise GraphNotReadyError(reason)
                if time.monotonic() > end:
                    words = ", ".join(f"{n} {state}" for n, state in missing.items())
                    raise GraphNotReadyError(f"not ready after {timeout_s:g} s: {words}")
                answer = self._ask(client, GetState.Request(), ASK_AGAIN_S)
                if answer is not None and answer.current_state.id == State.PRIMARY_STATE_ACTIVE:
                    del missing[name]
                elif answer is not None:
                    missing[name] = f"is {answer.current_state.label}"
                    self.spin(SPIN_S)
            self._node.destroy_client(client)

    def stop_robot(self, timeout_s: float) -> str:
        """Ask the supervisor for a controlled stop; gives its answer in words. It stays disarmed after it."""
        answer = self._ask(self._stop, Trigger.Request(), timeout_s)
        if answer is None:
            return f"no answer within {timeout_s:g} s; it stops the robot by itself when nodes fall silent"
        return str(answer.message) or ("the robot stops" if answer.success else "refused to stop the robot")

    def wait_mode(
        self, modes: Sequence[int], timeout_s: float, why_end: Callable[[], str] = lambda: ""
    ) -> bool:
        """Wait until the supervisor is in one of `modes` (SafetyState.MODE_*); false where it is not."""
        end = time.monotonic() + timeout_s
        while self.safety is None or self.safety.mode not in modes:
            if time.monotonic() > end or why_end():
                return False
            self.spin(SPIN_S)
        return True

    def spin(self, timeout_s: float) -> None:
        """Take what has come in, waiting at most `timeout_s` for it."""
        self._executor.spin_once(timeout_sec=timeout_s)

    def _on_safety(self, message: SafetyState) -> None:
        self.safety = message

    def _ask(self, client: Any, request: Any, timeout_s: float) -> Any | None:
        """The answer, or None where none came in time."""
        end = time.monotonic() + timeout_s
        while not client.service_is_ready():
            if time.monotonic() > end:
                return None
            self.spin(SPIN_S)
        future = client.call_async(request)
        self._executor.spin_until_future_complete(future, timeout_sec=max(end - time.monotonic(), SPIN_S))
        if not future.done():
            client.remove_pending_request(future)
            return None
        return future.result()
