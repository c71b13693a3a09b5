"""A two-joint arm and a base under a supervisor, with time and the robot played by the test."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from finite_difference_judge import assert_position_limits
from made_snapshots import PEOPLE, TWIST, TWO_JOINTS

from noetra_ros.core.types import Command
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.events import Event
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.report import Decision
from noetra_ros.safety.settings import SupervisorSettings, check_values
from noetra_ros.safety.supervisor import Supervisor

PERIOD_NS = 10_000_000
SETTINGS = SupervisorSettings(
    checks=(
        "clock", "estop", "finite", "shape", "stale", "rate", "position", "velocity", "acceleration", "jerk",
        "tracking_error",
    ),
    command_timeout_s=0.1,
    heartbeat_sources=(),
    heartbeat_timeout_s=0.25,
    estop_sources=("",),
    estop_timeout_s=0.25,
    barriers=(),
    obstacle_margin_m=0.015,
    tool_speed_mps=20.0,
    touch_labels=(),
    tracking_slow_share=0.6,
    max_lead_periods=1.5,
    bridge_after_periods=2.0,
    resume_after_s=0.5,
    footprint_margin_m=0.06,
    approach_share=0.5,
    blind_speed_mps=0.0,
    **PEOPLE,
)  # fmt: skip

WATCHING = dataclasses.replace(
    SETTINGS, checks=(*SETTINGS.checks, "perception", "separation"), watch_people=True
)


class Supervised:
    """Steps a supervisor through time; the robot follows at once unless it is blocked."""

    def __init__(
        self,
        limits: ChannelLimits,
        start: Sequence[float],
        extra: Mapping[str, Any] | None = None,
        checks: tuple[str, ...] = SETTINGS.checks,
    ) -> None:
        self.settings = dataclasses.replace(SETTINGS, checks=checks)
        built = build_checks(checks, check_values(self.settings), limits)
        self.supervisor = Supervisor(limits, {**built.running, **(extra or {})}, self.settings)
        self.limits = limits
        self.now_ns = 10**10
        self.sent: list[np.ndarray] = []
        self.events: list[Event] = []
        self.has_ticks = self.has_joint_states = True
        self.is_blocked = False
        self.play_position: Callable[[], np.ndarray] | None = None
        self._start = np.array(start)

    def measured(self) -> np.ndarray:
        """Where the robot is."""
        if self.play_position is not None:
            return self.play_position()
        return self.sent[-1] if self.sent and not self.is_blocked else self._start

    def start(self) -> None:
        """Ready, armed."""
        self.step()
        decision = self.supervisor.arm(self.now_ns)
        assert decision.refusal == "", decision.refusal
        self.sent.append(self._start)  # the reference of the finite differences

    def step(self, values: Sequence[float] | None = None) -> Decision:
        """One period: streams, the watchdog, and a command where there is one."""
        self.now_ns += round(self.limits.period_s * 1e9)
        if self.has_joint_states:
            for stream in self.limits.stream_max_age_s:
                self.supervisor.on_stream(stream, self.now_ns)
            if self.limits.joint_indices:
                self.supervisor.on_joint_state(np.array(self.measured()), self.now_ns)
        decision = self.take(self.supervisor.tick(self.now_ns))
        return decision if values is None else self.command(values)

    def command(self, values: Sequence[float], names: tuple[str, ...] = ()) -> Decision:
        """One command now."""
        array = np.array(values, dtype=np.float64)
        return self.take(
            self.supervisor.on_command(Command(self.limits.kind, array, self.now_ns, None, names))
        )

    def hold(self, values: Sequence[float], count: int) -> None:
        """The same command for some periods."""
        for _ in range(count):
            self.step(values)

    def take(self, decision: Decision) -> Decision:
        """What the controller and the event topic get."""
        if decision.values is not None:
            self.sent.append(decision.values)
        self.events += decision.events
        return decision


class Arm(Supervised):
    """Two joints, 100 Hz."""

    def __init__(self, start: Sequence[float] = (0.0, 0.0), **arguments: Any) -> None:
        super().__init__(TWO_JOINTS, start, **arguments)

    def judge(self) -> None:
        """Everything sent is within the limits, and its repetition too where the robot was told to rest."""
        is_at_rest = self.supervisor.report(self.now_ns).is_at_rest
        sent = np.array([*self.sent, self.sent[-1]] if is_at_rest else self.sent)
        for index, axis in enumerate(self.limits.axes):
            limits = (axis.lower, axis.upper, axis.velocity, axis.acceleration, axis.jerk)
            assert_position_limits(sent[:, [index]], 0.01, *limits)


class Base(Supervised):
    """A differential-drive base, 50 Hz."""

    def __init__(self, limits: ChannelLimits = TWIST) -> None:
        super().__init__(limits, (0.0, 0.0, 0.0))
