"""Host overhead of the policy node: last sensor message in to action chunk out, the model's own time off."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import rclpy
from noetra_ros.msg import ActionChunk
from rclpy.node import Node
from rclpy.serialization import deserialize_message
from rclpy.signals import SignalHandlerOptions
from std_msgs.msg import String

from noetra_ros.cli.graph import Graph, NodeDiedError
from noetra_ros.cli.graph_plan import NONE, GraphOptions
from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import JointState
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.evaluation.statistics import percentile
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import joint_state_to_message, stamp_to_ns
from noetra_ros.ros.pictures import PictureMessage
from noetra_ros.ros.spin import make_executor

ROBOT, POLICY = "so101", "noetra_nano"
OBSERVATIONS = 300
WARM_UP = 30
PERIOD_S = 0.1
READY_TIMEOUT_S = 120.0
ANSWER_TIMEOUT_S = 2.0  # what is not answered by then is not counted
LIMIT_MS = 2.0


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """A policy process of its own over DDS; every observation is answered."""
    options = GraphOptions(
        robot=ROBOT,
        policy=POLICY,
        sim=NONE,
        without=("streamer", "supervisor"),
        is_private=True,
        parameters={"policy": {"infer_period_s": PERIOD_S}},
    )
    with Graph(options) as graph:
        rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
        try:
            rig = _Rig(graph)
            rig.wait_ready()
            for index in range(OBSERVATIONS + WARM_UP):
                rig.observe(index)
                if index % 50 == 0:
                    say(f"{index} of {OBSERVATIONS + WARM_UP} observations")
        finally:
            rclpy.try_shutdown()
    return _records(rig.overhead_ms[WARM_UP:], rig.inference_ms[WARM_UP:])


def _records(overhead_ms: list[float], inference_ms: list[float]) -> list[BenchRecord]:
    if len(overhead_ms) < 0.9 * OBSERVATIONS:
        raise NoetraError(f"only {len(overhead_ms)} of {OBSERVATIONS} observations were answered")
    model_ms = percentile(inference_ms, 50)
    against = f"the model's own time in the same run, p50 {model_ms:.2f} ms"
    return [
        record_of("host_overhead", overhead_ms, "ms", f"{LIMIT_MS:g} ms", LIMIT_MS),
        record_of("host_overhead_share", [percentile(overhead_ms, 50)], "ms", against, model_ms),
    ]


class _Rig:
    """Plays the robot's sensors and stops the time of each answer.

    Args:
        graph: with the policy node in it.
    """

    def __init__(self, graph: Graph) -> None:
        self.overhead_ms: list[float] = []
        self.inference_ms: list[float] = []
        self._graph = graph
        self._profile = load_robot(ROBOT)
        self._node = Node("host_overhead_rig")
        self._executor = make_executor()
        self._executor.add_node(self._node)
        spec = create_backend(POLICY, BackendOptions(self._profile)).spec
        self._cameras = [self._profile.cameras[need.name] for need in spec.cameras]
        self._pictures = [interfaces.IMAGE.publisher(self._node, c.topic) for c in self._cameras]
        self._messages = [PictureMessage(c.width_px, c.height_px, "rgb8", c.frame) for c in self._cameras]
        topic = self._profile.streams["joint_states"].topic
        self._joints = interfaces.JOINT_STATES.publisher(self._node, topic)
        self._instruction = interfaces.INSTRUCTION.publisher(self._node)
        # What the reader then takes to unpack the chunk is not the policy node's.
        interfaces.POLICY_CHUNK.subscription(self._node, self._take, is_raw=True)
        self._sent_ns, self._stamp_ns, self._answered_ns = 0, 0, 0

    def wait_ready(self) -> None:
        """Until the policy listens and follows a sentence."""
        publishers = [self._joints, self._instruction, *self._pictures]
        self._spin_until(lambda: all(p.get_subscription_count() for p in publishers), READY_TIMEOUT_S)
        self._instruction.publish(String(data="pick up the red cube"))
        self._spin_until(lambda: False, 1.0, is_required=False)

    def observe(self, index: int) -> None:
        """Publish one observation; wait for its answer, and for the next one's time."""
        due_s = time.monotonic() + PERIOD_S
        rng = np.random.default_rng(index)
        self._stamp_ns = int(self._node.get_clock().now().nanoseconds)
        still = np.zeros(len(self._profile.joint_names))
        state = JointState(self._stamp_ns, self._profile.joint_names, still, still, still)
        self._joints.publish(joint_state_to_message(state))
        filled = [
            message.filled(rng.integers(0, 256, (c.height_px, c.width_px, 3), dtype=np.uint8), self._stamp_ns)
            for message, c in zip(self._messages, self._cameras, strict=True)
        ]
        for publisher, message in zip(self._pictures, filled, strict=True):
            self._sent_ns = time.monotonic_ns()
            publisher.publish(message)
        self._spin_until(
            lambda: time.monotonic() >= due_s and self._answered_ns == self._stamp_ns,
            ANSWER_TIMEOUT_S,
            is_required=False,
        )

    def _take(self, serialized: bytes) -> None:
        now_ns = time.monotonic_ns()
        message = deserialize_message(serialized, ActionChunk)
        if stamp_to_ns(message.header.stamp) != self._stamp_ns or self._answered_ns == self._stamp_ns:
            return  # the answer to an earlier one that came too late
        self._answered_ns = self._stamp_ns
        inference_ms = 1e3 * message.inference_s
        self.inference_ms.append(inference_ms)
        self.overhead_ms.append((now_ns - self._sent_ns) * 1e-6 - inference_ms)

    def _spin_until(self, is_done: Callable[[], bool], timeout_s: float, is_required: bool = True) -> None:
        end_s = time.monotonic() + timeout_s
        while not is_done():
            for ended in self._graph.died():
                raise NodeDiedError(ended)
            if time.monotonic() > end_s:
                if is_required:
                    raise NoetraError(f"host overhead: waited {timeout_s:g} s for the policy node")
                return
            self._executor.spin_once(timeout_sec=0.005)
