"""Messages of command topics as the gate takes them: single commands, and whole trajectories."""

from __future__ import annotations

from typing import Any

from noetra_ros.core.types import CommandKind
from noetra_ros.ros.commands import command_from_message, trajectory_from_message
from noetra_ros.ros.gate_clock import GateClock
from noetra_ros.safety.replay.recorded import Gate
from noetra_ros.safety.report import Decision


class CommandIntake:
    """Hands messages to a gate.

    Args:
        gate: the supervisor's core.
        clock: of its node.
    """

    def __init__(self, gate: Gate, clock: GateClock) -> None:
        self._gate: Any = gate  # that of several channels wants to know which
        self._clock = clock

    def judge(self, message: Any, kind: CommandKind, now_ns: int, *channel: str) -> Decision:
        """What the gate says of a message.

        Args:
            message: of a type of controller channels.
            kind: what the channel's values mean.
            now_ns: its arrival.
            channel: its name, where it is not the first one of several.
        """
        trajectory = trajectory_from_message(message, kind, now_ns)
        if trajectory is not None:
            stamp_ns = trajectory.stamp_ns  # when it is to begin, in lock-step, too
            delay_s = 0.0 if stamp_ns is None else self._clock.age_s(stamp_ns)
            decision: Decision = self._gate.on_trajectory(trajectory, delay_s, *channel)
            return decision
        command = command_from_message(message, kind, now_ns)
        decision = self._gate.on_command(command, self._clock.delay_s(command.stamp_ns), *channel)
        return decision
