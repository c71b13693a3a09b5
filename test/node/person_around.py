"""Plays perception for the supervisor: a person at a distance that a test sets, told at 20 Hz."""

from __future__ import annotations

import math
from typing import Any

from noetra_ros.msg import Obstacle, ObstacleArray, SensorReport


class PersonAround:
    """A person on the x axis of the arm; `distance_m` None = nobody, `is_speaking` False = silence."""

    def __init__(self, node: Any, period_s: float = 0.05) -> None:
        self._node = node
        self._publisher = node.create_publisher(ObstacleArray, "perception/obstacles", 10)
        self.distance_m: float | None = None
        self.speed_mps = 0.0
        self.nearest_m = 0.0
        self.is_speaking = True
        self.verdict = SensorReport.VERDICT_OK
        self._period_s = period_s
        node.create_timer(period_s, self._tell)

    def _tell(self) -> None:
        if self.distance_m is not None:
            self.distance_m = max(self.nearest_m, self.distance_m + self.speed_mps * self._period_s)
        if not self.is_speaking:
            return
        message = ObstacleArray(sensors=[SensorReport(sensor="overhead", verdict=self.verdict)])
        message.header.stamp, message.header.frame_id = self._node.get_clock().now().to_msg(), "base_link"
        if self.distance_m is not None:
            message.obstacles = [self._person(message.header.stamp)]
        self._publisher.publish(message)

    def _person(self, stamp: Any) -> Obstacle:
        person = Obstacle(track_id=7, kind=Obstacle.KIND_PERSON, shape=Obstacle.SHAPE_CAPSULE, score=0.9)
        person.pose.position.x, person.pose.position.z = 0.4 + self.distance_m, 0.3
        person.pose.orientation.w = 1.0
        person.size.x, person.size.y = 0.15, 1.0
        person.velocity.x = person.velocity.y = person.velocity.z = math.nan
        person.position_std, person.seen = 0.01, stamp
        return person
