"""Carries out what a person asks for on the live page, by the services and the action of the graph."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from typing import Any

from rclpy.action import ActionClient
from rclpy.node import Node
from std_msgs.msg import String
from std_srvs.srv import Trigger

from noetra_ros.action import RunTask
from noetra_ros.ros import interfaces
from noetra_ros.ros.message_words import constant_words
from noetra_ros.view.heard import LATCHED, Heard

AGAIN_NS = 200_000_000
UNANSWERED_NS = 1_000_000_000
DISCOVERY_NS = 3_000_000_000  # a service that has just come up is not known at once

# (label, is_bad, values): what the page tells whoever looks.
Tell = Callable[..., None]


class ViewOperator:
    """Implements `Operator`. The emergency stop goes out on the thread that it was pressed on.

    Args:
        node: where the clients live.
        heard: what the page has heard.
        time_limit_s: how long a sentence is followed.
    """

    def __init__(self, node: Node, heard: Heard, time_limit_s: float) -> None:
        self._node, self._heard, self._time_limit_s = node, heard, time_limit_s
        self.tell: Tell = lambda label, is_bad=False, **values: None
        asked = (interfaces.ARM, interfaces.DISARM, interfaces.RESET, interfaces.ESTOP_CALL)
        self._services = {s.name: node.create_client(s.kind, s.name) for s in asked}
        self._task = ActionClient(node, interfaces.RUN_TASK.kind, interfaces.RUN_TASK.name)
        self._instruction = interfaces.INSTRUCTION.publisher(node)
        self._goal: Any = None
        self._pressed_ns = self._sent_ns = 0
        self._asked: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._waiting: list[tuple[int, interfaces.Service, Callable[[], None]]] = []

    def close(self) -> None:
        """Give everything back."""
        self._task.destroy()
        self._node.destroy_publisher(self._instruction)
        for client in self._services.values():
            self._node.destroy_client(client)

    def press_estop(self) -> None:
        """See `Operator`."""
        self._pressed_ns = time.monotonic_ns()
        self._send_estop()
        self.tell("estop_sent", True)

    def look(self, now_ns: int) -> None:
        """Ask again for what has not been answered or could not be asked yet; on the executor's thread."""
        self._work_off()
        waiting, self._waiting = self._waiting, []
        for since_ns, service, then in waiting:
            self._call(service, then, since_ns)
        if not self._pressed_ns:
            return
        if self._heard.safety.mode in LATCHED and self._heard.silent_s(now_ns) is None:
            self._pressed_ns = 0
            self.tell("estop_done", True)
            return
        if now_ns - self._sent_ns > AGAIN_NS:
            self._send_estop()
        if now_ns - self._pressed_ns > UNANSWERED_NS:
            self.tell("estop_unanswered", True)

    def start(self, sentence: str, arm_first: bool) -> None:
        """See `Operator`."""
        self._later(lambda: self._start(sentence, arm_first))

    def stop(self) -> None:
        """See `Operator`."""
        self._later(self._stop)

    def reset(self) -> None:
        """See `Operator`."""
        self._later(lambda: self._call(interfaces.RESET))

    def _later(self, act: Callable[[], None]) -> None:
        """On the executor's thread: everything but the emergency stop waits for its turn.

        A page is there a moment before its node is served; what is asked then is done by the first `look`.
        """
        self._asked.put(act)
        if self._node.executor is not None:
            self._node.executor.create_task(self._work_off)

    def _work_off(self) -> None:
        while not self._asked.empty():
            self._asked.get()()

    def _send_estop(self) -> None:
        self._sent_ns = time.monotonic_ns()
        self._services[interfaces.ESTOP_CALL.name].call_async(Trigger.Request())

    def _start(self, sentence: str, arm_first: bool) -> None:
        if not self._task.server_is_ready():
            self.tell("no_policy", True)
        elif arm_first:
            self._call(interfaces.ARM, lambda: self._follow(sentence))
        else:
            self._follow(sentence)

    def _stop(self) -> None:
        if self._goal is not None:
            self._goal.cancel_goal_async()
        self._instruction.publish(String(data=""))
        self._call(interfaces.DISARM, lambda: self.tell("stopping"))

    def _call(
        self, service: interfaces.Service, then: Callable[[], None] = lambda: None, since_ns: int = 0
    ) -> None:
        """Call a service; go on where it agrees, tell a person where it does not."""
        client, since_ns = self._services[service.name], since_ns or time.monotonic_ns()
        if not client.service_is_ready():
            if time.monotonic_ns() - since_ns < DISCOVERY_NS:
                self._waiting.append((since_ns, service, then))
            else:
                self.tell("no_supervisor", True)
            return

        def answered(future: Any) -> None:
            answer = future.result()
            if answer.success:
                then()
            else:
                self.tell("refused", True, reason=answer.message)

        client.call_async(Trigger.Request()).add_done_callback(answered)

    def _follow(self, sentence: str) -> None:
        goal = RunTask.Goal(instruction=sentence, time_limit_s=self._time_limit_s)
        self._task.send_goal_async(goal).add_done_callback(lambda f: self._on_goal(f.result(), sentence))

    def _on_goal(self, handle: Any, sentence: str) -> None:
        if not handle.accepted:
            self.tell("refused", True, reason="run_task")
            return
        self._goal = handle
        self.tell("following", sentence=sentence)
        handle.get_result_async().add_done_callback(lambda f: self._on_end(handle, f.result().result))

    def _on_end(self, handle: Any, result: RunTask.Result) -> None:
        if self._goal is handle:
            self._goal = None
        reason = constant_words(RunTask.Result, "END_").get(result.end_reason, "unknown").replace("_", " ")
        words = f"{reason}: {result.detail}" if result.detail else reason
        self.tell("ended", is_bad=result.end_reason != RunTask.Result.END_TIME_LIMIT
                  and result.end_reason != RunTask.Result.END_COMPLETED, reason=words)  # fmt: skip
