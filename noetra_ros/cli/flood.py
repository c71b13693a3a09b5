"""A second source of commands that sends what no robot should get: NaN and values far outside the limits."""

from __future__ import annotations

import math
import time

import numpy as np

from noetra_ros.cli.graph_session import GraphSession
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.report.fault_plot import SentCommands
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.commands import CommandWriter

FLOOD_HZ = 200.0
STOPPED_MODES = ("protective_stop", "emergency_stop", "fault")
TIMEOUT_S = 20.0
MATCHED_S = 0.3  # the reader knows of the writer later than the writer of the reader


class Flood:
    """Bad commands of four kinds, in turns, beside the good ones.

    Args:
        session: connected to the graph.
        profile: the robot.
    """

    def __init__(self, session: GraphSession, profile: RobotProfile) -> None:
        self._session = session
        channel = profile.channel()
        kind = interfaces.COMMAND_MESSAGES[channel.message]
        self._publisher = interfaces.COMMAND_IN.publisher(session.node, message=kind)
        self._writer = CommandWriter(kind, channel.joints, 1.0 / FLOOD_HZ, profile.frame_of(channel))
        self._bad = _bad_commands(profile)
        self.kinds = dict.fromkeys(self._bad, 0)
        self.first_sent_s = self.first_stop_s = math.inf
        self._times: list[float] = []
        self._values: list[FloatArray] = []

    def connect(self) -> None:
        """Wait until the gate listens."""
        listens = self._publisher.get_subscription_count
        self._session.wait_until(lambda: listens() > 0, TIMEOUT_S, "the gate's input")
        settled_s = time.monotonic() + MATCHED_S
        self._session.wait_until(lambda: time.monotonic() > settled_s, TIMEOUT_S, "the gate to match")

    def run(self, duration_s: float) -> None:
        """Send for a while, then stop."""
        session = self._session
        due_s = self.first_sent_s = time.monotonic()
        end_s = due_s + duration_s
        while due_s < end_s:
            for kind, values in self._bad.items():
                self._send(kind, values)
                due_s += 1.0 / FLOOD_HZ
                while time.monotonic() < due_s:
                    session.spin(max(0.0, due_s - time.monotonic()))
                    if session.mode in STOPPED_MODES:
                        self.first_stop_s = min(self.first_stop_s, time.monotonic())
        session.node.destroy_publisher(self._publisher)

    def _send(self, kind: str, values: FloatArray) -> None:
        self.kinds[kind] += 1
        self._times.append(self._session.now_s)
        self._values.append(values)
        self._publisher.publish(self._writer.message(values, round(self._session.now_s * 1e9)))

    @property
    def sent(self) -> SentCommands:
        """All that was sent."""
        return SentCommands(np.array(self._times), np.array(self._values))


def _bad_commands(profile: RobotProfile) -> dict[str, FloatArray]:
    limits = list(profile.joints.values())
    one_nan = np.array([(j.lower_rad + j.upper_rad) / 2 for j in limits])
    one_nan[0] = math.nan
    return {
        "with a NaN": one_nan,
        "all NaN": np.full(len(limits), math.nan),
        "far above the limits": np.array([j.upper_rad + 5.0 for j in limits]),
        "far below the limits": np.array([j.lower_rad - 5.0 for j in limits]),
    }
