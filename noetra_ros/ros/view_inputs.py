"""What the live page listens to: standard topics and our messages, handed to the core of the page."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from nav_msgs.msg import Odometry
from rclpy.node import Node
from sensor_msgs.msg import JointState, LaserScan

from noetra_ros.msg import ActionChunk, ObstacleArray, SafetyEvent, SafetyState, SeparationState
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.chunk_message import chunk_from_message
from noetra_ros.ros.latency_report import GATE, INFERENCE, WHOLE
from noetra_ros.ros.message_words import action_name, mode_name
from noetra_ros.ros.perception_messages import scene_from_message
from noetra_ros.ros.scan_messages import planar_scan_from_message
from noetra_ros.view.heard import EventTold, Heard, SafetyTold, SeparationTold
from noetra_ros.view.plots import LATENCIES

STAGES = {"whole": WHOLE, "inference": INFERENCE, "gate": GATE}


class ViewInputs:
    """Subscriptions that fill what the page has heard.

    Args:
        node: where they live.
        profile: the robot.
        heard: is filled.
    """

    def __init__(self, node: Node, profile: RobotProfile, heard: Heard) -> None:
        self._node, self._heard = node, heard
        self._latencies: dict[str, float] = {}
        streams = profile.streams
        self._subscriptions = [
            interfaces.SAFETY_STATE.subscription(node, self._on_safety),
            interfaces.SAFETY_EVENT.subscription(node, self._on_event),
            interfaces.SEPARATION.subscription(node, self._on_separation),
            interfaces.OBSTACLES.subscription(node, self._readable(self._on_obstacles)),
            interfaces.POLICY_CHUNK.subscription(node, self._readable(self._on_chunk)),
            interfaces.DIAGNOSTICS.subscription(node, self._on_diagnostics),
        ]
        if "joint_states" in streams:
            joints = interfaces.JOINT_STATES.subscription(
                node, self._on_joints, streams["joint_states"].topic
            )
            self._subscriptions.append(joints)
        if "odom" in streams:
            self._subscriptions.append(
                interfaces.ODOM.subscription(node, self._on_odom, streams["odom"].topic)
            )
        if "scan" in streams:
            self._scanner = streams["scan"]
            scans = interfaces.SCAN.subscription(node, self._readable(self._on_scan), self._scanner.topic)
            self._subscriptions.append(scans)

    def close(self) -> None:
        """Listen no longer."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)

    def _readable(self, take: Callable[[Any], None]) -> Callable[[Any], None]:
        """What cannot be read is told in the log; the page goes on."""

        def guarded(message: Any) -> None:
            try:
                take(message)
            except ValueError as error:
                self._node.get_logger().warning(f"not shown: {error}", throttle_duration_sec=10.0)

        return guarded

    def _on_safety(self, message: SafetyState) -> None:
        told = SafetyTold(
            mode_name(message.mode),
            message.reason,
            tuple(message.active_checks),
            message.scale,
            message.is_armed,
            message.is_speed_reduced,
            message.phase,
        )
        self._heard.hear_safety(told, time.monotonic_ns())

    def _on_event(self, message: SafetyEvent) -> None:
        told = EventTold(
            message.check,
            action_name(message.action),
            message.subject,
            message.measured,
            message.limit,
            message.unit,
            message.reason,
            time.strftime("%H:%M:%S"),
            message.repeats,
        )
        self._heard.hear_event(told)

    def _on_separation(self, message: SeparationState) -> None:
        near = message.is_watching and message.has_person
        distances_m = (message.distance, message.required) if near else (math.nan, math.nan)
        told = SeparationTold(
            message.is_watching, near, message.link, message.track_id, *distances_m, message.scale
        )
        self._heard.hear_separation(told, time.monotonic_ns())

    def _on_obstacles(self, message: ObstacleArray) -> None:
        self._heard.hear_scene(scene_from_message(message), time.monotonic_ns())

    def _on_chunk(self, message: ActionChunk) -> None:
        self._heard.hear_chunk(chunk_from_message(message), time.monotonic_ns())

    def _on_joints(self, message: JointState) -> None:
        if len(message.position) == len(message.name):
            self._heard.joints = {
                **self._heard.joints,
                **dict(zip(message.name, message.position, strict=True)),
            }

    def _on_odom(self, message: Odometry) -> None:
        p, q = message.pose.pose.position, message.pose.pose.orientation
        yaw = math.atan2(2.0 * (q.w * q.z + q.x * q.y), 1.0 - 2.0 * (q.y * q.y + q.z * q.z))
        self._heard.base_pose = (p.x, p.y, yaw)

    def _on_scan(self, message: LaserScan) -> None:
        self._heard.hear_scan(planar_scan_from_message(message, self._scanner), time.monotonic_ns())

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        """The 95th percentiles of the stages that are plotted, of whichever node tells them."""
        told = {pair.key: pair.value for status in message.status if status.hardware_id == "latency"
                for pair in status.values}  # fmt: skip
        found = {name: told[key] for name, stage in STAGES.items() if (key := f"{stage} p95 [ms]") in told}
        if found:
            self._latencies |= {name: float(value) for name, value in found.items()}
            values = tuple(self._latencies.get(name, math.nan) for name in LATENCIES)
            self._heard.latencies.add(values, time.monotonic_ns())
