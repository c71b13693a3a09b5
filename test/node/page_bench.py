"""A supervisor, a played robot and person, and the live page beside them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import Any

import numpy as np
from noetra_ros.action import RunTask
from noetra_ros.msg import ActionChunk
from person_around import PersonAround
from rclpy.action import ActionServer, CancelResponse
from std_msgs.msg import Float64MultiArray
from supervisor_bench import HOME, JOINTS, SupervisorBench

from noetra_ros.ros import interfaces
from noetra_ros.ros.node_parameters import ros_arguments

TOPIC = "forward_position_controller/commands"


class PageBench(SupervisorBench):
    """A `SupervisorBench` with people, a plan, a played policy and a page.

    Args:
        language: of the page.
        parameters: further ones of view_node.
    """

    def __init__(self, language: str, **parameters: Any) -> None:
        super().__init__("so101", Float64MultiArray, TOPIC, "watch_people:=true")
        self.person = PersonAround(self.node)
        self.sentences: list[str] = []
        self.port = free_port()
        self._chunks = interfaces.POLICY_CHUNK.publisher(self.node)
        self._step = 0
        task = interfaces.RUN_TASK
        self._tasks = ActionServer(
            self.node, task.kind, task.name, self._follow, cancel_callback=lambda _: CancelResponse.ACCEPT
        )
        self.node.create_timer(0.2, self._plan)
        values = {"robot": "so101", "port": self.port, "language": language, "rate_hz": 8.0, **parameters}
        self.page = subprocess.Popen(
            [sys.executable, "-m", "noetra_ros.ros.view_node", *ros_arguments("view", values)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
        )  # fmt: skip

    def _follow(self, handle: Any) -> RunTask.Result:
        self.sentences.append(handle.request.instruction)
        handle.succeed()
        return RunTask.Result(end_reason=RunTask.Result.END_COMPLETED)

    def swing(self) -> Float64MultiArray:
        """The next command: the shoulder swings slowly."""
        self._step += 1
        return Float64MultiArray(data=self._posture(0.01 * self._step))

    def _posture(self, turn: float) -> list[float]:
        return [0.5 * float(np.sin(turn)), *HOME[1:]]

    def _plan(self) -> None:
        """A chunk that runs ahead of the swing."""
        rows = [self._posture(0.01 * self._step + 0.15 * k) for k in range(1, 9)]
        chunk = ActionChunk(
            channel="arm", kind=ActionChunk.KIND_JOINT_POSITION, names=JOINTS, step_s=0.1, rows=len(rows),
            values=[value for row in rows for value in row],
        )  # fmt: skip
        chunk.header.stamp = self.node.get_clock().now().to_msg()
        self._chunks.publish(chunk)

    def close(self) -> int:
        """End the page, then the supervisor; the page's exit code where it is not 0."""
        self.page.terminate()
        _, self.page_errors = self.page.communicate(timeout=30.0)
        return self.page.returncode or super().close()


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
