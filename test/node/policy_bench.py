"""A policy node in this process, on real DDS, and a test node that plays robot, supervisor and person."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import rclpy
from noetra_ros.action import RunTask
from noetra_ros.msg import SafetyState
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter
from rosgraph_msgs.msg import Clock
from std_msgs.msg import String

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import ActionChunk, CommandKind, JointState, Observation
from noetra_ros.policy.spec import CameraNeed, PolicySpec
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import joint_state_to_message, ns_to_stamp
from noetra_ros.ros.pictures import PictureMessage
from noetra_ros.ros.policy_node import PolicyNode
from noetra_ros.ros.spin import make_executor

LIMIT_S = 30.0
MS = 1_000_000
GOOD = {"robot": "so101", "policy": "hold", "preflight_calls": 0}


class FakeBackend:
    """A policy that looks through the front camera; it moves nothing, and breaks when told to.

    Args:
        robot: profile.
        fails_on: this sentence makes it raise.
        model: its name and version.
    """

    def __init__(self, robot: Any, fails_on: str = "break", model: str = "fake 1") -> None:
        joints = robot.channel().joints
        self.spec = PolicySpec(
            model, CommandKind.JOINT_POSITION, joints, joints, "rad", 8, 0.1, 0.1, 0.2,
            cameras=(CameraNeed("front", 96, 96),),
        )  # fmt: skip
        self.seen: list[Observation] = []
        self.resets = 0
        self._fails_on = fails_on

    def load(self) -> None:
        """Nothing to load."""

    def reset(self) -> None:
        """Count."""
        self.resets += 1

    def infer(self, observation: Observation) -> ActionChunk:
        """Hold, or break."""
        self.seen.append(observation)
        if observation.instruction == self._fails_on:
            raise RuntimeError("a weight fell off")
        values = np.tile(observation.joints.positions, (8, 1))
        return ActionChunk(
            observation.stamp_ns, len(self.seen), "arm", self.spec.kind, self.spec.actions, 0.1, 0.1, values,
            observation.instruction, self.spec.model, 0.001,
        )  # fmt: skip


class PolicyBench:
    """Context manager.

    Args:
        **parameters: of the policy node, over `GOOD`.
    """

    def __init__(self, **parameters: Any) -> None:
        rclpy.init()
        given = {**GOOD, **parameters}
        overrides = [Parameter(name, value=value) for name, value in given.items()]
        try:
            self.policy = PolicyNode(parameter_overrides=overrides)
            self.policy.start()
        except NoetraError:
            rclpy.try_shutdown()
            raise
        self.node = rclpy.create_node("bench")
        self.executors = [make_executor(), SingleThreadedExecutor()]
        self.executors[0].add_node(self.policy)
        self.executors[1].add_node(self.node)
        self.chunks: list[Any] = []
        self.statuses: list[Any] = []
        self.beats: list[Any] = []
        interfaces.POLICY_CHUNK.subscription(self.node, self.chunks.append)
        interfaces.POLICY_STATUS.subscription(self.node, self.statuses.append)
        interfaces.HEARTBEAT.subscription(self.node, self.beats.append)
        self._joints = interfaces.JOINT_STATES.publisher(self.node, "joint_states")
        self._front = interfaces.IMAGE.publisher(self.node, "front/image_raw")
        self._picture = PictureMessage(96, 96, "rgb8", "front_optical_frame")
        self._safety = interfaces.SAFETY_STATE.publisher(self.node)
        self._instruction = interfaces.INSTRUCTION.publisher(self.node)
        self._clock = interfaces.CLOCK.publisher(self.node)
        self.tasks = ActionClient(self.node, RunTask, interfaces.RUN_TASK.name)

    def __enter__(self) -> PolicyBench:
        publishers = [
            self._instruction,
            self._safety,
            *([self._joints] if self.policy.seat.inputs.has_beat else []),
        ]
        self.until(lambda: all(p.get_subscription_count() for p in publishers), "the policy's subscriptions")
        self.until(lambda: self.statuses, "a first status")
        self.until(self.tasks.server_is_ready, "run_task")
        return self

    def __exit__(self, *_: object) -> None:
        self.policy.trigger_shutdown()
        for executor in self.executors:
            executor.shutdown()
        self.policy.destroy_node()
        self.node.destroy_node()
        rclpy.try_shutdown()

    def until(self, is_done: Callable[[], Any], what: str, each: Callable[[], None] = lambda: None) -> None:
        """Serve both nodes until `is_done()`; `each` is called about a hundred times a second."""
        end_s, next_s = time.monotonic() + LIMIT_S, 0.0
        while not is_done():
            assert time.monotonic() < end_s, f"waited {LIMIT_S} s for {what}"
            if time.monotonic() >= next_s:
                next_s = time.monotonic() + 0.01
                each()
            for executor in self.executors:
                executor.spin_once(timeout_sec=0.002)

    def load_model(self, each: Callable[[], None] = lambda: None, **parameters: str) -> tuple[bool, str]:
        """What load_model answers: whether the model has taken over, and what is said of it."""
        client = self.node.create_client(interfaces.LOAD_MODEL.kind, interfaces.LOAD_MODEL.name)
        self.until(client.service_is_ready, "load_model")
        given = [Parameter(name, value=value).to_parameter_msg() for name, value in parameters.items()]
        future = client.call_async(interfaces.LOAD_MODEL.kind.Request(parameters=given))
        self.until(future.done, "an answer of load_model", each)
        result = future.result().result
        return result.successful, result.reason

    def send_all(self) -> None:
        """A picture and the joints of now."""
        self.send_picture()
        self.send_joints()

    def now_ns(self) -> int:
        """ROS time of the bench."""
        return int(self.node.get_clock().now().nanoseconds)

    def send_joints(self, stamp_ns: int | None = None, names: tuple[str, ...] = ()) -> None:
        """Measured joints."""
        names = names or self.policy.seat.policy.profile.joint_names
        value = np.full(len(names), 0.1)
        stamp_ns = self.now_ns() if stamp_ns is None else stamp_ns
        self._joints.publish(joint_state_to_message(JointState(stamp_ns, names, value, value, value)))

    def send_picture(self, stamp_ns: int | None = None) -> None:
        """A grey picture of the front camera."""
        stamp_ns = self.now_ns() if stamp_ns is None else stamp_ns
        self._front.publish(self._picture.filled(np.full((96, 96, 3), 99, np.uint8), stamp_ns))

    def send_clock(self, stamp_ns: int) -> None:
        """Simulated time."""
        self._clock.publish(Clock(clock=ns_to_stamp(stamp_ns)))

    def say(self, sentence: str) -> None:
        """A sentence on the topic."""
        self._instruction.publish(String(data=sentence))

    def report_safety(self, mode: int, reason: str = "") -> None:
        """A report of the supervisor."""
        self._safety.publish(SafetyState(mode=mode, reason=reason))

    def goal(self, instruction: str, time_limit_s: float, each: Callable[[], None] = lambda: None) -> Any:
        """A goal of run_task that was taken: (handle, future of its result)."""
        sent = self.tasks.send_goal_async(RunTask.Goal(instruction=instruction, time_limit_s=time_limit_s))
        self.until(sent.done, "an answer to the goal", each)
        handle = sent.result()
        assert handle.accepted
        return handle, handle.get_result_async()

    def result(self, future: Any, each: Callable[[], None] = lambda: None) -> RunTask.Result:
        """The result of a goal, once it is there."""
        self.until(future.done, "the result of the goal", each)
        return future.result().result
