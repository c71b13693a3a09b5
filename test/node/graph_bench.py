"""Node processes on real DDS with a test in their middle that listens, talks and plays the missing parts."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rclpy
from noetra_ros.msg import PolicyStatus
from noetra_ros.srv import ResetWorld
from rclpy.executors import SingleThreadedExecutor

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.robots import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.chunk_message import chunk_to_message
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.ros.interfaces import Service, Topic

LIMIT_S = 90.0
LOCK_STEP = ("lock_step:=true", "use_sim_time:=true")


class GraphBench:
    """Starts node processes; listens with one node of its own.

    Args:
        robot: profile of all nodes.
        nodes: node name (file name without `_node`) -> its parameters, `name:=value`.
    """

    def __init__(self, robot: str, nodes: dict[str, tuple[str, ...]]) -> None:
        self.profile = load_robot(robot)
        self.heard: dict[str, list[Any]] = defaultdict(list)
        self.arrivals: dict[str, list[float]] = defaultdict(list)
        self.context = rclpy.Context()
        rclpy.init(context=self.context)
        self.node = rclpy.create_node("bench", context=self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.executor.add_node(self.node)
        self.processes = {name: start(name, robot, parameters) for name, parameters in nodes.items()}

    def listen(self, topic: Topic, name: str = "", message: type | None = None) -> None:
        """Keep all messages of a topic in `heard` under its name."""
        key = name or topic.name

        def keep(received: Any) -> None:
            self.heard[key].append(received)
            self.arrivals[key].append(time.monotonic())

        # Nothing is missed while this process waits for its turn: a gap would look like a jump of the sender.
        deep = dataclasses.replace(topic, offered=dataclasses.replace(topic.offered, depth=2000))
        deep.subscription(self.node, keep, name, message, every_message=True)

    def last(self, name: str) -> Any:
        """Newest message of a topic, None before the first."""
        return self.heard[name][-1] if self.heard[name] else None

    def spin_until(self, is_done: Callable[[], Any], what: str, limit_s: float = LIMIT_S) -> None:
        """Serve the graph until `is_done()`; a node that ends fails the test."""
        deadline_s = time.monotonic() + limit_s
        while not is_done():
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {process.stderr.read()}"
            assert time.monotonic() < deadline_s, f"waited {limit_s} s for {what}"
            self.executor.spin_once(timeout_sec=0.02)

    def spin_for(self, duration_s: float) -> None:
        """Serve the graph for a time, to see what comes or that nothing comes."""
        end_s = time.monotonic() + duration_s
        self.spin_until(lambda: time.monotonic() > end_s, "the time")

    def call(self, service: Service, request: Any = None) -> Any:
        """Call a service and give its answer."""
        client = self.node.create_client(service.kind, service.name)
        self.spin_until(client.service_is_ready, service.name)
        future = client.call_async(request or service.kind.Request())
        self.spin_until(future.done, f"an answer of {service.name}")
        self.node.destroy_client(client)
        return future.result()

    def reset(self, seed: int, trace: Path | str = "", **fields: str) -> ResetWorld.Response:
        """Reset the world; fails the test where it is refused."""
        request = ResetWorld.Request(seed=seed, trace_path=str(trace), **fields)
        response = self.call(interfaces.RESET_WORLD, request)
        assert response.success, response.message
        return response

    def close(self) -> dict[str, int]:
        """SIGTERM to all; exit code by node."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.communicate(timeout=15.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
        self.executor.shutdown()
        self.node.destroy_node()
        rclpy.try_shutdown(context=self.context)
        return {name: process.returncode for name, process in self.processes.items()}


class PlayedPolicy:
    """Answers every picture of one camera at once: a swing of the first joint by the time since the first.

    Args:
        bench: the graph it belongs to.
        camera: whose pictures it answers.
        home: (d,) where the swing begins.
    """

    def __init__(self, bench: GraphBench, camera: str, home: np.ndarray) -> None:
        self.profile, self.home = bench.profile, np.asarray(home)
        self.sequence = 0
        self.start_ns: int | None = None
        self.is_running = False
        self.after_ns = 0
        self._chunks = interfaces.POLICY_CHUNK.publisher(bench.node)
        self._status = interfaces.POLICY_STATUS.publisher(bench.node)
        topic = bench.profile.cameras[camera].topic
        interfaces.IMAGE.subscription(bench.node, self._on_picture, topic, every_message=True)

    def run(self, after_ns: int) -> None:
        """Begin with the next picture that is newer than `after_ns`."""
        self.start_ns, self.is_running, self.after_ns = None, True, after_ns
        self._status.publish(PolicyStatus(state=PolicyStatus.STATE_RUNNING))

    def stop(self) -> None:
        """Answer no further picture."""
        self.is_running = False
        self._status.publish(PolicyStatus(state=PolicyStatus.STATE_IDLE))

    def _on_picture(self, message: Any) -> None:
        stamp_ns = stamp_to_ns(message.header.stamp)
        if not self.is_running or stamp_ns <= self.after_ns:
            return
        self.start_ns = self.start_ns or stamp_ns
        self.sequence += 1
        elapsed_s = (stamp_ns - self.start_ns) * 1e-9 + 0.1 * np.arange(1, 9)
        rows = np.tile(self.home, (8, 1))
        rows[:, 0] += 0.2 * (1.0 - np.cos(2.0 * elapsed_s))
        chunk = ActionChunk(
            stamp_ns,
            self.sequence,
            self.profile.default_channel,
            CommandKind.JOINT_POSITION,
            self.profile.joint_names,
            0.1,
            0.1,
            rows,
        )
        self._chunks.publish(chunk_to_message(chunk))


def start(name: str, robot: str, parameters: tuple[str, ...]) -> subprocess.Popen[str]:
    """A node as a process."""
    arguments = [word for parameter in (f"robot:={robot}", *parameters) for word in ("-p", parameter)]
    return subprocess.Popen(
        [sys.executable, "-m", f"noetra_ros.ros.{name}_node", "--ros-args", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
