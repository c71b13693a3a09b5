"""Simulation and supervisor of one channel as processes, and a source that says the same again and again."""

from __future__ import annotations

from typing import Any

import numpy as np
from graph_bench import GraphBench
from noetra_ros.msg import SafetyState

from noetra_ros.ros import interfaces


class GatedBench:
    """Starts both.

    Args:
        channel: of the robot.
        robot: name of the profile, or its file.
    """

    def __init__(self, channel: str, robot: str) -> None:
        sim = ("render:=false", "use_sim_time:=true")
        supervisor = (f"channel:={channel}", "use_sim_time:=true")
        self.bench = GraphBench(robot, {"sim": sim, "supervisor": supervisor})
        self.channel = self.bench.profile.channels[channel]
        self.next_command: Any = None

    def start(self, message: type) -> None:
        """Waits for both, and begins to listen and to send messages of that type."""
        topic = self.channel.topic
        self._listen(message, topic)
        self._commands = interfaces.COMMAND_IN.publisher(self.bench.node, "command_in", message)
        self.bench.node.create_timer(0.01, self._send)
        self.bench.spin_until(lambda: self.mode == SafetyState.MODE_STANDBY, "the supervisor")
        self.bench.spin_until(self._commands.get_subscription_count, "command_in")
        self.bench.spin_until(lambda: self.bench.last("joint_states"), "joint states")
        for name in ("safety/event", topic):
            self.bench.spin_until(lambda n=name: self.bench.node.count_publishers(n), name)

    def _listen(self, message: type, topic: str) -> None:
        self.bench.listen(interfaces.JOINT_STATES, "joint_states")
        self.bench.listen(interfaces.SAFETY_STATE)
        self.bench.listen(interfaces.SAFETY_EVENT)
        self.bench.listen(interfaces.COMMAND_OUT, topic, message)

    def _send(self) -> None:
        if self.next_command is not None:
            self._commands.publish(self.next_command)

    @property
    def mode(self) -> int | None:
        """That the supervisor told last."""
        last = self.bench.last("safety/state")
        return None if last is None else last.mode

    def positions(self) -> np.ndarray:
        """(n,) measured, as they come."""
        return np.array(self.bench.last("joint_states").position)

    def position(self, joint: str) -> float:
        """Measured, rad or m."""
        message = self.bench.last("joint_states")
        return float(message.position[message.name.index(joint)])

    def fastest(self, joint: str) -> float:
        """Highest measured speed of a joint so far, rad/s or m/s."""
        return max(abs(m.velocity[m.name.index(joint)]) for m in self.bench.heard["joint_states"])

    def events_of(self, check: str) -> list[Any]:
        """What a check said."""
        return [event for event in self.bench.heard["safety/event"] if event.check == check]

    def begin(self, command: Any) -> None:
        """Arms, with commands on their way."""
        self.next_command = command
        self.bench.spin_for(0.2)
        answer = self.bench.call(interfaces.ARM)
        assert answer.success, answer.message
