"""What the supervisor node hears of people and things by perception, and the switch of reduced speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from std_srvs.srv import SetBool

from noetra_ros.msg import ObstacleArray
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import NS_PER_S, stamp_to_ns
from noetra_ros.ros.perception_messages import scene_from_message
from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.replay.recorded import RecordedSupervisor
from noetra_ros.safety.report import Decision
from noetra_ros.safety.supervisor import Supervisor


class PeopleWiring:
    """Subscribes perception/obstacles where people or things are watched; serves safety/reduced_speed always.

    Args:
        node: the supervisor node.
        supervisor: its core.
        is_watching: people, or what is around a base, are watched.
        now_ns: clock of the time-outs.
        age_s: age on arrival of what carries this stamp (ns), below 0 = ahead of our clock; not asked in
            lock-step, where the stamps are the clock.
        answer: takes what the core decided.
        every_message: lock-step: ask for every message, and take it when the next tick begins.
        stays_reduced: reduced speed is not turned off again.
    """

    def __init__(
        self,
        node: Node,
        supervisor: Supervisor | RecordedSupervisor | GatedTogether,
        is_watching: bool,
        now_ns: Callable[[], int],
        age_s: Callable[[int], float],
        answer: Callable[[Decision], None],
        every_message: bool,
        stays_reduced: bool,
    ) -> None:
        self._node, self._supervisor = node, supervisor
        self._now_ns, self._age_s, self._answer = now_ns, age_s, answer
        self._holds, self._stays_reduced = every_message, stays_reduced
        self._held: ObstacleArray | None = None
        node.create_service(SetBool, interfaces.REDUCED_SPEED.name, self._on_reduced_speed)
        if is_watching:
            interfaces.OBSTACLES.subscription(node, self._on_obstacles, every_message=every_message)

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
        if self._stays_reduced and not request.data:
            response.message = (
                "reduced speed stays on: reduced_speed_stays is true, by a sector or a parameter"
            )
            return response
        self._answer(self._supervisor.reduce_speed(bool(request.data), self._now_ns()))
        response.success, response.message = True, f"reduced speed is {'on' if request.data else 'off'}"
        return response
