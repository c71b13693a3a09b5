"""A supervisor process on real DDS, with a robot and a command source around it that a test can steer."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rclpy
from nav_msgs.msg import Odometry
from noetra_ros.msg import SafetyEvent, SafetyState
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import JointState, LaserScan
from std_msgs.msg import Bool, Float64MultiArray
from std_srvs.srv import Trigger

COMMANDS, CONTROLLER = "/my/cmds", "/controller/cmds"
HOME = [0.0, -1.0, 0.9, 0.9, 0.0, 0.6]
JOINTS = ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper"]
LIMIT_S = 60.0


def nothing_near():
    """A scan all round that meets nothing."""
    step = math.pi / 180
    return LaserScan(
        angle_min=-math.pi, angle_increment=step, range_min=0.1, range_max=8.0, ranges=[math.inf] * 360
    )


class SupervisorBench:
    """Starts `supervisor_node` with its two topics remapped; plays the robot and the command source."""

    def __init__(
        self, robot: str, command_type: type, channel_topic: str, *parameters: str, program: str = ""
    ) -> None:
        """`program` is a script to run instead of the node's module."""
        self.process = start_supervisor(
            f"robot:={robot}",
            *parameters,
            remaps=(f"command_in:={COMMANDS}", f"{channel_topic}:={CONTROLLER}"),
            program=program,
        )
        self.context = rclpy.Context()
        rclpy.init(context=self.context)
        self.node = rclpy.create_node("bench", context=self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.executor.add_node(self.node)
        self.outputs: list[tuple[float, Any]] = []
        self.inputs: list[tuple[float, Any]] = []
        self.states: list[SafetyState] = []
        self.events: list[SafetyEvent] = []
        self.next_command: Callable[[], Any] | None = None
        self.source: subprocess.Popen[bytes] | None = None
        self.has_streams = True
        self.played_s: list[float] = []
        self.held_up_s: list[float] = []  # when the supervisor told so of itself
        self._wire(command_type)

    def _wire(self, command_type: type) -> None:
        node = self.node
        latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.commands = node.create_publisher(command_type, COMMANDS, 10)
        self.estop = node.create_publisher(Bool, "estop", 10)
        self._joint_states = node.create_publisher(JointState, "joint_states", 10)
        self._odom = node.create_publisher(Odometry, "odom", 10)
        self._scan = node.create_publisher(LaserScan, "scan", 10)
        node.create_subscription(command_type, CONTROLLER, self._on_output, 2000)
        node.create_subscription(command_type, COMMANDS, self._on_input, 2000)
        node.create_subscription(SafetyState, "safety/state", self.states.append, latched)
        node.create_subscription(SafetyEvent, "safety/event", self._on_event, 200)
        node.create_timer(0.01, self._play)

    def _on_output(self, message: Any) -> None:
        self.outputs.append((time.monotonic(), message))

    def _on_input(self, message: Any) -> None:
        self.inputs.append((time.monotonic(), message))

    def _on_event(self, event: SafetyEvent) -> None:
        self.events.append(event)
        if event.check == "clock" and "held up" in event.reason:
            self.held_up_s.append(time.monotonic())

    def _play(self) -> None:
        self.played_s.append(time.monotonic())
        if self.has_streams:
            stamp = self.node.get_clock().now().to_msg()
            positions = HOME
            if self.outputs and isinstance(self.outputs[-1][1], Float64MultiArray):
                positions = self.outputs[-1][1].data.tolist()
            joint_state = JointState(name=JOINTS, position=positions)
            for publisher, message in (
                (self._joint_states, joint_state), (self._odom, Odometry()), (self._scan, nothing_near()),
            ):  # fmt: skip
                message.header.stamp = stamp
                publisher.publish(message)
        if self.next_command is not None and (command := self.next_command()) is not None:
            self.commands.publish(command)

    def spin_until(self, is_done: Callable[[], Any], what: str, limit_s: float = LIMIT_S) -> None:
        """Serve the graph until `is_done()`; fails the test with `what` when the time is up."""
        deadline_s = time.monotonic() + limit_s
        while not is_done():
            assert time.monotonic() < deadline_s, f"waited {limit_s} s for {what}; {self.told()}"
            assert self.process.poll() is None, f"the supervisor ended: {self.process.stderr.read()}"
            self.executor.spin_once(timeout_sec=0.02)

    def spin_for(self, duration_s: float) -> None:
        """Serve the graph for a time (to see that nothing comes)."""
        end_s = time.monotonic() + duration_s
        self.spin_until(lambda: time.monotonic() > end_s, "the time")

    def told(self) -> str:
        """The last state, for messages."""
        return f"last state: {self.states[-1] if self.states else 'none'}"

    @property
    def mode(self) -> int:
        """Last mode told; UNKNOWN before."""
        return self.states[-1].mode if self.states else SafetyState.MODE_UNKNOWN

    def wait_mode(self, mode: int) -> None:
        """Serve until the supervisor is in `mode`."""
        self.spin_until(lambda: self.mode == mode, f"mode {mode}")

    def call(self, service: str) -> Trigger.Response:
        """Call one of the safety services."""
        client = self.node.create_client(Trigger, f"safety/{service}")
        self.spin_until(client.service_is_ready, service)
        future = client.call_async(Trigger.Request())
        self.spin_until(future.done, f"answer of {service}")
        self.node.destroy_client(client)
        return future.result()

    def start_commands(self, next_command: Callable[[], Any]) -> None:
        """Wait until everything is connected and ready, begin to send, arm."""
        self.spin_until(lambda: self.commands.get_subscription_count() >= 2, "command_in to be connected")
        self.wait_mode(SafetyState.MODE_STANDBY)
        self.next_command = next_command
        response = self.call("arm")
        assert response.success, response.message
        self.wait_mode(SafetyState.MODE_ACTIVE)

    def events_of(self, check: str) -> list[SafetyEvent]:
        """Events of one check so far."""
        return [event for event in self.events if event.check == check]

    def was_held_up(self, since_s: float, for_s: float) -> bool:
        """The machine kept this bench, the source or the supervisor from running for so long since then."""
        streams = (self.played_s, [at_s for at_s, _ in self.inputs])
        gaps_s = [np.diff([at_s for at_s in stream if at_s > since_s]) for stream in streams]
        is_told = any(at_s > since_s for at_s in self.held_up_s)
        return is_told or any(gap_s > for_s for gaps in gaps_s for gap_s in gaps)

    def start_source(self) -> None:
        """Good commands from a process of its own, from the first instant at which they can be heard."""
        script = str(Path(__file__).with_name("command_source.py"))
        self.source = subprocess.Popen([sys.executable, script, COMMANDS], env=dict(os.environ))
        known = len(self.inputs)
        self.spin_until(lambda: len(self.inputs) > known, "a command of the source")

    def kill_source(self) -> None:
        """SIGKILL; the robot that this bench plays goes on speaking while the process dies."""
        assert self.source is not None
        self.source.kill()
        self.spin_until(lambda: self.source.poll() is not None, "the end of the source")

    def close(self) -> int:
        """SIGTERM, then the exit code."""
        if self.source is not None:
            self.source.kill()
            self.source.wait()
        self.process.terminate()
        try:
            self.process.communicate(timeout=10.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
        self.executor.shutdown()
        self.node.destroy_node()
        rclpy.try_shutdown(context=self.context)
        return self.process.returncode


def start_supervisor(
    *parameters: str, remaps: Sequence[str] = (), program: str = ""
) -> subprocess.Popen[str]:
    """The node as a process of its own, with these parameters (`name:=value`) and remaps."""
    start = [program] if program else ["-m", "noetra_ros.ros.supervisor_node"]
    arguments = [word for remap in remaps for word in ("-r", remap)]
    arguments += [word for parameter in parameters for word in ("-p", parameter)]
    return subprocess.Popen(
        [sys.executable, *start, "--ros-args", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=dict(os.environ),
    )


def joint_values(outputs: list[tuple[float, Any]]) -> np.ndarray:
    """(k, 6) rad, what the controller received."""
    return np.array([message.data.tolist() for _, message in outputs])
