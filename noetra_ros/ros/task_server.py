"""The action run_task: one goal at a time, ended for a typed reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node
from rclpy.task import Future

from noetra_ros.action import RunTask
from noetra_ros.msg import SafetyState
from noetra_ros.policy.task_run import End, Ending, TaskRun, refusal
from noetra_ros.ros import interfaces

LATCHED_MODES = {
    SafetyState.MODE_EMERGENCY_STOP: "emergency stop",
    SafetyState.MODE_FAULT: "fault of the supervisor",
}


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
        self._run: TaskRun | None = None
        self._ending: Future | None = None
        self._goal: Any = None
        self._safety: SafetyState | None = None
        self.is_active = False
        self._server = ActionServer(
            node,
            interfaces.RUN_TASK.kind,
            interfaces.RUN_TASK.name,
            execute_callback=self._execute,
            goal_callback=lambda request: GoalResponse.ACCEPT,  # a refusal is a result, with its reason
            cancel_callback=self._on_cancel,
            callback_group=ReentrantCallbackGroup(),
        )

    @property
    def is_running(self) -> bool:
        """A goal is being followed."""
        return self._run is not None

    def on_safety(self, message: SafetyState) -> None:
        """A report of the supervisor."""
        self._safety = message

    def check(self, fault: str, now_ns: int | None) -> None:
        """End the goal where its time is up, the supervisor has latched or the model has failed.

        Args:
            fault: why the model has failed; empty = it has not.
            now_ns: ROS time; None = the time limit is not judged now.
        """
        if self._run is None:
            return
        ending = self._run.ending(now_ns, self._latched(), fault)
        if ending is not None:
            self.end(ending)

    def end(self, ending: Ending) -> None:
        """End the goal that is being followed, if there is one, and stop following."""
        if self._run is None or self._ending is None:
            return
        self._run = None
        self._follow("")
        self._ending.set_result(ending)

    def report(self) -> None:
        """Feedback of the goal that is being followed."""
        if self._run is None:
            return
        feedback = RunTask.Feedback(elapsed_s=self._run.elapsed_s(self._now_ns()))
        if self._safety is not None:
            feedback.safety_mode, feedback.detail = self._safety.mode, self._safety.reason
        self._goal.publish_feedback(feedback)

    def close(self) -> None:
        """End the goal, take the server down."""
        self.is_active = False
        self.end(Ending(End.CANCELED, "the policy node was shut down"))
        self._server.destroy()

    async def _execute(self, goal: Any) -> RunTask.Result:
        request = goal.request
        ending = refusal(request.instruction, request.time_limit_s, self.is_active)
        if ending is not None:
            goal.abort()
            return RunTask.Result(end_reason=ending.reason.value, detail=ending.detail)
        self.end(Ending(End.CANCELED, f"replaced by a newer goal: {request.instruction!r}"))
        run = TaskRun(request.instruction, request.time_limit_s, self._now_ns(), self._chunks_sent())
        future = Future(executor=self._node.executor)
        self._run, self._ending, self._goal = run, future, goal
        self._follow(run.instruction)
        self.check("", None)
        ending = await future
        _close_goal(goal, ending.reason)
        return RunTask.Result(
            end_reason=ending.reason.value,
            detail=ending.detail,
            duration_s=max(run.elapsed_s(self._now_ns()), 0.0),
            chunks_sent=self._chunks_sent() - run.chunks_before,
        )

    def _on_cancel(self, goal: Any) -> CancelResponse:
        if self._goal is not None and goal.goal_id == self._goal.goal_id:
            self.end(Ending(End.CANCELED, "canceled by the client"))
        return CancelResponse.ACCEPT

    def _latched(self) -> str:
        if self._safety is None or self._safety.mode not in LATCHED_MODES:
            return ""
        reason = f": {self._safety.reason}" if self._safety.reason else ""
        return f"{LATCHED_MODES[self._safety.mode]}{reason}"


def _close_goal(goal: Any, reason: End) -> None:
    """Bring the goal into the state that its end asks for."""
    if goal.is_cancel_requested:
        goal.canceled()
    elif reason in (End.TIME_LIMIT, End.COMPLETED):
        goal.succeed()
    else:
        goal.abort()
