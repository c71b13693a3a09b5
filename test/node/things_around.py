"""Plays perception for the supervisor of a base: a table top ahead, told at 20 Hz."""

from __future__ import annotations

from typing import Any

from noetra_ros.msg import Obstacle, ObstacleArray, SensorReport


class TableAhead:
    """A table top on the x axis of the base, 0.7 m over the ground; `edge_m` None = none."""

    def __init__(self, node: Any) -> None:
        self._node = node
        self._publisher = node.create_publisher(ObstacleArray, "perception/obstacles", 10)
        self.edge_m: float | None = None
        self.frame, self.is_speaking = "base_link", True
        node.create_timer(0.05, self._tell)

    def _tell(self) -> None:
        if not self.is_speaking:
            return
        message = ObstacleArray(sensors=[SensorReport(sensor="front", verdict=SensorReport.VERDICT_OK)])
        message.header.stamp, message.header.frame_id = self._node.get_clock().now().to_msg(), self.frame
        if self.edge_m is not None:
            message.obstacles = [self._table(message.header.stamp)]
        self._publisher.publish(message)

    def _table(self, stamp: Any) -> Obstacle:
        table = Obstacle(track_id=3, kind=Obstacle.KIND_OBJECT, shape=Obstacle.SHAPE_BOX, score=0.9)
        table.labels = ["table"]
        table.pose.position.x, table.pose.position.z = self.edge_m + 0.4, 0.7
        table.pose.orientation.w = 1.0
        table.size.x, table.size.y, table.size.z = 0.8, 1.2, 0.04
        table.position_std, table.seen = 0.01, stamp
        return table
