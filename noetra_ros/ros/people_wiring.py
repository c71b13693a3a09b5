"""What the supervisor node hears of people and things by perception, and the switch of reduced speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from std_srvs.srv import SetBool

from noetra_ros.msg import ObstacleArray
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.ros.gate_clock import GateClock
from noetra_ros.ros.perception_messages import scene_from_message
from noetra_ros.safety.replay.recorded import Gate
from noetra_ros.safety.report import Decision


class PeopleWiring:
    """Subscribes perception/obstacles where people or things are watched; serves safety/reduced_speed always.

    Args:
        node: the supervisor node.
        supervisor: its core.
        is_watching: people, or what is around a base, are watched.
        clock: of the node; in lock-step every message is asked for, and taken when the next tick begins.
        answer: takes what the core decided.
        stays_reduced: reduced speed is not turned off again.
    """

    def __init__(
        self,
        node: Node,
        supervisor: Gate,
        is_watching: bool,
        clock: GateClock,
        answer: Callable[[Decision], None],
        stays_reduced: bool,
    ) -> None:
        self._node, self._supervisor = node, supervisor
        self._clock, self._answer, self._stays_reduced = clock, answer, stays_reduced
        self._held: ObstacleArray | None = None
        node.create_service(SetBool, interfaces.REDUCED_SPEED.name, self._on_reduced_speed)
        if is_watching:
            interfaces.OBSTACLES.subscription(node, self._on_obstacles, every_message=clock.is_lock_step)

    def begin_tick(self) -> None:
        """Lock-step: a scene counts from the tick after its own on, whether it came before that one's
        command or after it.
        """
        held, self._held = self._held, None
        if held is not None:
            self._take(held)

    def _on_obstacles(self, message: ObstacleArray) -> None:
        if self._clock.is_lock_step:
            self._held = message
        else:
            self._take(message)

    def _take(self, message: ObstacleArray) -> None:
        try:
            scene = scene_from_message(message)
        except ValueError as error:
            self._supervisor.on_unreadable_scene(str(error))
            return
        age_s = self._clock.age_s(stamp_to_ns(message.header.stamp))
        self._supervisor.on_scene(scene, self._clock.now_ns(), age_s)

    def _on_reduced_speed(self, request: Any, response: Any) -> Any:
        if self._stays_reduced and not request.data:
            response.message = (
                "reduced speed stays on: reduced_speed_stays is true, by a sector or a parameter"
            )
            return response
        self._answer(self._supervisor.reduce_speed(bool(request.data), self._clock.now_ns()))
        response.success, response.message = True, f"reduced speed is {'on' if request.data else 'off'}"
        return response
