"""The action run_task: one goal at a time, ended for a typed reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node

from noetra_ros.action import RunTask
from noetra_ros.msg import SafetyState
from noetra_ros.policy.task_run import End, Ending, TaskRun, refusal
from noetra_ros.ros import interfaces

LATCHED_MODES = {
    SafetyState.MODE_EMERGENCY_STOP: "emergency stop",
    SafetyState.MODE_FAULT: "fault of the supervisor",
}


class ParkedGoals(ActionServer):  # type: ignore[misc]
    """An action server whose goals are executed without a coroutine that waits.

    A coroutine that awaits a future costs an EventsExecutor half a core for as long as it waits: it asks the
    task again and again. Here a goal is begun at once, and its callback runs only when its result is known.

    Args:
        node: where the server lives.
        begin: is told of each goal that executes from now on.
        **arguments: of `rclpy.action.ActionServer`.
    """

    def __init__(self, node: Node, begin: Callable[[Any], None], **arguments: Any) -> None:
        self._begin = begin
        super().__init__(node, execute_callback=begin, **arguments)

    def notify_execute(self, goal_handle: Any, execute_callback: Any) -> None:
        """Begin a goal; called by rclpy once it is in the state EXECUTING."""
        self._begin(goal_handle)

    def finish(self, goal_handle: Any, close: Callable[[Any], Any]) -> None:
        """Let the executor end a goal.

        Args:
            goal_handle: of the goal.
            close: brings the handle into its last state and returns the result.
        """
        super().notify_execute(goal_handle, close)


@dataclass(frozen=True)
class Followed:
    """A goal that is being followed, and its handle."""

    run: TaskRun
    goal: Any


class TaskServer:
    """Serves run_task for a policy node.

    Args:
        node: where the server lives.
        follow: takes the sentence to follow; empty = stop following.
        now_ns: ROS time.
        chunks_sent: chunks published so far.
    """

    def __init__(
        self,
        node: Node,
        follow: Callable[[str], None],
        now_ns: Callable[[], int],
        chunks_sent: Callable[[], int],
    ) -> None:
        self._node, self._follow, self._now_ns, self._chunks_sent = node, follow, now_ns, chunks_sent
        self._followed: Followed | None = None
        self._safety: SafetyState | None = None
        self.is_active = False
        self._server = ParkedGoals(
            node,
            self._begin,
            action_type=interfaces.RUN_TASK.kind,
            action_name=interfaces.RUN_TASK.name,
            goal_callback=lambda request: GoalResponse.ACCEPT,  # a refusal is a result, with its reason
            cancel_callback=self._on_cancel,
            callback_group=ReentrantCallbackGroup(),
        )

    @property
    def is_running(self) -> bool:
        """A goal is being followed."""
        return self._followed is not None

    def on_safety(self, message: SafetyState) -> None:
        """A report of the supervisor."""
        self._safety = message

    def check(self, fault: str, now_ns: int | None) -> None:
        """End the goal where its time is up, the supervisor has latched or the model has failed.

        Args:
            fault: why the model has failed; empty = it has not.
            now_ns: ROS time; None = the time limit is not judged now.
        """
        if self._followed is None:
            return
        ending = self._followed.run.ending(now_ns, self._latched(), fault)
        if ending is not None:
            self.end(ending)

    def end(self, ending: Ending) -> None:
        """End the goal that is being followed, if there is one, and stop following."""
        if self._followed is None:
            return
        ended, self._followed = self._followed, None
        self._follow("")
        self._finish(ended.goal, ending, ended.run)

    def report(self) -> None:
        """Feedback of the goal that is being followed."""
        if self._followed is None:
            return
        feedback = RunTask.Feedback(elapsed_s=self._followed.run.elapsed_s(self._now_ns()))
        if self._safety is not None:
            feedback.safety_mode, feedback.detail = self._safety.mode, self._safety.reason
        self._followed.goal.publish_feedback(feedback)

    def close(self) -> None:
        """End the goal, take the server down."""
        self.is_active = False
        self.end(Ending(End.CANCELED, "the policy node was shut down"))
        self._server.destroy()

    def _begin(self, goal: Any) -> None:
        request = goal.request
        run = TaskRun(request.instruction, request.time_limit_s, self._now_ns(), self._chunks_sent())
        ending = refusal(request.instruction, request.time_limit_s, self.is_active)
        if ending is not None:
            self._finish(goal, ending, run)
            return
        self.end(Ending(End.CANCELED, f"replaced by a newer goal: {request.instruction!r}"))
        self._followed = Followed(run, goal)
        self._follow(run.instruction)
        self.check("", None)

    def _finish(self, goal: Any, ending: Ending, run: TaskRun) -> None:
        result = RunTask.Result(
            end_reason=ending.reason.value,
            detail=ending.detail,
            duration_s=max(run.elapsed_s(self._now_ns()), 0.0),
            chunks_sent=self._chunks_sent() - run.chunks_before,
        )
        self._server.finish(goal, lambda handle: _closed(handle, ending.reason, result))

    def _on_cancel(self, goal: Any) -> CancelResponse:
        if self._followed is not None and goal.goal_id == self._followed.goal.goal_id:
            self.end(Ending(End.CANCELED, "canceled by the client"))
        return CancelResponse.ACCEPT

    def _latched(self) -> str:
        if self._safety is None or self._safety.mode not in LATCHED_MODES:
            return ""
        reason = f": {self._safety.reason}" if self._safety.reason else ""
        return f"{LATCHED_MODES[self._safety.mode]}{reason}"


def _closed(goal: Any, reason: End, result: RunTask.Result) -> RunTask.Result:
    """The result, with the goal in the state that its end asks for."""
    if goal.is_cancel_requested:
        goal.canceled()
    elif reason in (End.TIME_LIMIT, End.COMPLETED):
        goal.succeed()
    else:
        goal.abort()
    return result
