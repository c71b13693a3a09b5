"""Lock-step pace: the next tick comes when the graph has answered the last one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from std_msgs.msg import Header

from noetra_ros.core.errors import NoetraError
from noetra_ros.ros import interfaces
from noetra_ros.ros.lock_step import TickAnswers

WATCH_S = 0.05
# Before the graph has answered for the first time, ticks go on at this pace, so that it can come up.
UNANSWERED_S = 0.2
# Ticks after a reset in which streamer and supervisor see the new place before time is held.
SETTLE_TICKS = 5
PERCEPTION = "perception"
START_ON = ("reset", "armed", "running")


class LockStepPace:
    """Drives `advance` by the answers of the graph.

    Args:
        node: where the subscriptions live.
        advance: runs one tick; answers with its stamp, whether the policy's camera frames went out, and
            whether any that perception looks at did.
        start_on: what an episode waits for after a reset, while time is held.
        answer_timeout_s: wall time after which a missing answer is an error.
        on_hold: called when time begins to be held; the graph has answered everything by then.
        gated_with: names of the channels that are gated with the one of that name, itself among them.
        on_unsettled: called when the graph did not answer while an episode settled: put the world back.
    """

    def __init__(
        self,
        node: Node,
        advance: Callable[[], tuple[int, bool, bool]],
        start_on: str,
        answer_timeout_s: float,
        on_hold: Callable[[], None],
        on_unsettled: Callable[[], None],
        gated_with: Callable[[str], tuple[str, ...]] = lambda name: (name,),
    ) -> None:
        self._node, self._advance = node, advance
        self._on_hold, self._on_unsettled, self._gated_with = on_hold, on_unsettled, gated_with
        self._start_on, self._timeout_s = start_on, answer_timeout_s
        self._answers = TickAnswers()
        self._is_joined = False
        self._is_held = False
        self._is_settling = False
        self._settle_left = 0
        self._since_s = 0.0
        self._inputs = [
            interfaces.STREAMER_STATUS.subscription(node, self._keep("streamer"), every_message=True),
            interfaces.SAFETY_STATE.subscription(node, self._keep("safety"), every_message=True),
            interfaces.POLICY_STATUS.subscription(node, self._keep("policy"), every_message=True),
            interfaces.HEARTBEAT.subscription(node, self._on_heartbeat, every_message=True),
        ]

    def start(self) -> None:
        """Publish the first tick."""
        self._timer = self._node.create_timer(
            WATCH_S, self._watch, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )
        self._next()

    def stop(self) -> None:
        """No further tick."""
        self._node.destroy_timer(self._timer)

    def close(self) -> None:
        """Take the wires off."""
        for subscription in self._inputs:
            self._node.destroy_subscription(subscription)

    def restart(self) -> None:
        """An episode begins: settle, then hold time until it may start."""
        self._is_held = False
        self._is_settling = self._start_on != "reset"
        self._settle_left = SETTLE_TICKS

    def on_command(self, channel: str) -> None:
        """A command arrived on a channel's topic."""
        safety = self._answers.safety
        if safety is not None and channel in self._gated_with(safety.channel):
            self._answers.count_command()
            self._go_on()

    @property
    def is_settling(self) -> bool:
        """Ticks run that do not belong to the episode yet."""
        return self._is_settling

    @property
    def is_held(self) -> bool:
        """Time stands still until the episode may start."""
        return self._is_held

    def _keep(self, name: str) -> Callable[[Any], None]:
        def keep(message: Any) -> None:
            setattr(self._answers, name, message)
            self._go_on()

        return keep

    def _on_heartbeat(self, message: Header) -> None:
        """Perception's beat in lock-step bears the stamp of the tick that it answers."""
        if message.frame_id == PERCEPTION:
            self._answers.perception = message
            self._go_on()

    def _go_on(self) -> None:
        if self._answers.missing():
            return
        self._is_joined = True
        if self._is_settling and self._settle_left == 0:
            self._is_settling, self._is_held = False, True
            self._on_hold()
        if self._is_held and not self._may_start():
            return
        self._is_held = False
        self._next()

    def _may_start(self) -> bool:
        is_running = self._answers.is_policy_running or self._start_on != "running"
        return self._answers.is_armed and is_running

    def _next(self) -> None:
        self._since_s = time.monotonic()
        if self._is_settling:
            self._settle_left -= 1
        self._answers.begin(*self._advance())

    def _watch(self) -> None:
        waited_s = time.monotonic() - self._since_s
        missing = self._answers.missing()
        if not missing or self._is_held:
            return
        if not self._is_joined and waited_s > UNANSWERED_S:
            if self.is_settling:  # the first ticks of an episode are the same however late the graph comes up
                self._on_unsettled()
                self.restart()
            self._next()
        elif waited_s > self._timeout_s:
            raise NoetraError(
                f"lock-step: waited {waited_s:.1f} s for {'; '.join(missing)} -> is that node alive, and was "
                "it started with lock_step and use_sim_time?"
            )
