"""What the supervisor node has for people: perception in, separation out, the switch of reduced speed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from std_srvs.srv import SetBool

from noetra_ros.msg import ObstacleArray, SeparationState
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import NS_PER_S, ns_to_stamp, stamp_to_ns
from noetra_ros.ros.perception_messages import scene_from_message
from noetra_ros.safety.report import Decision, SafetyReport
from noetra_ros.safety.supervisor import Supervisor


class PeopleWiring:
    """Subscribes perception/obstacles where people are watched; serves safety/reduced_speed always.

    Args:
        node: the supervisor node.
        supervisor: its core.
        is_watching: people are watched.
        base_frame: frame of the numbers told.
        now_ns: clock of the time-outs.
        age_s: age on arrival of what carries this stamp (ns), below 0 = ahead of our clock; not asked in
            lock-step, where the stamps are the clock.
        answer: takes what the core decided.
        every_message: lock-step: ask for every message, and take it when the next tick begins.
    """

    def __init__(
        self,
        node: Node,
        supervisor: Supervisor,
        is_watching: bool,
        base_frame: str,
        now_ns: Callable[[], int],
        age_s: Callable[[int], float],
        answer: Callable[[Decision], None],
        every_message: bool,
    ) -> None:
        self._node, self._supervisor = node, supervisor
        self._now_ns, self._age_s, self._answer = now_ns, age_s, answer
        self._is_watching = is_watching
        self._holds = every_message
        self._held: ObstacleArray | None = None
        self._message = SeparationState(is_watching=is_watching)
        self._message.header.frame_id = base_frame
        self._states = interfaces.SEPARATION.publisher(node)
        node.create_service(SetBool, interfaces.REDUCED_SPEED.name, self._on_reduced_speed)
        if is_watching:
            interfaces.OBSTACLES.subscription(node, self._on_obstacles, every_message=every_message)

    def publish(self, report: SafetyReport, stamp_ns: int) -> None:
        """Tell the separation as last judged."""
        fill_separation(self._message, report)
        self._message.header.stamp = ns_to_stamp(stamp_ns)
        self._states.publish(self._message)

    def begin_tick(self) -> None:
        """Lock-step: a scene counts from the tick after its own on, whether it came before that one's
        command or after it.
        """
        held, self._held = self._held, None
        if held is not None:
            self._take(held)

    def _on_obstacles(self, message: ObstacleArray) -> None:
        if self._holds:
            self._held = message
        else:
            self._take(message)

    def _take(self, message: ObstacleArray) -> None:
        try:
            scene = scene_from_message(message)
        except ValueError as error:
            self._supervisor.on_unreadable_scene(str(error))
            return
        now_ns, stamp_ns = self._now_ns(), stamp_to_ns(message.header.stamp)
        age_s = (now_ns - stamp_ns) / NS_PER_S if self._holds else self._age_s(stamp_ns)
        self._supervisor.on_scene(scene, now_ns, age_s)

    def _on_reduced_speed(self, request: Any, response: Any) -> Any:
        self._answer(self._supervisor.reduce_speed(bool(request.data), self._now_ns()))
        response.success, response.message = True, f"reduced speed is {'on' if request.data else 'off'}"
        return response


def fill_separation(message: SeparationState, report: SafetyReport) -> None:
    """Write the judged pair of a report into a message that is kept."""
    judged = report.separation
    message.scale = report.scale
    message.has_person = judged is not None
    message.link = judged.link if judged is not None else ""
    message.track_id = judged.track_id if judged is not None else 0
    terms = judged.terms if judged is not None else None
    for field, term in (
        ("required", "total_m"), ("human", "human_m"), ("reaction", "reaction_m"), ("stopping", "stopping_m"),
        ("intrusion", "intrusion_m"), ("sensor_uncertainty", "sensor_m"), ("robot_uncertainty", "robot_m"),
    ):  # fmt: skip
        setattr(message, field, float(getattr(terms, term)) if terms is not None else math.nan)
    message.distance = judged.distance_m if judged is not None else math.nan
    message.allowed_speed = judged.allowed_mps if judged is not None else math.nan
    message.directed_speed = judged.directed_mps if judged is not None else math.nan
