"""Plays perception: it beats, and tells ten times a second of somebody who stands far away."""

from __future__ import annotations

from geometry_msgs.msg import Point, Pose, Vector3
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from std_msgs.msg import Header

from noetra_ros.msg import Obstacle, ObstacleArray, SensorReport
from noetra_ros.ros import interfaces

BEAT_S, SCENE_EVERY = 0.05, 2  # s; beats
FAR_M = 4.0
NAME = "perception"


class PlayedPerception:
    """Publishes `perception/obstacles` and a heartbeat.

    Args:
        node: where the publishers live; its clock stamps the scenes.
        frame: base frame of the robot.
        sensor: that is reported to be well.
    """

    def __init__(self, node: Node, frame: str, sensor: str) -> None:
        self._node, self._beats = node, 0
        self._heartbeat = interfaces.HEARTBEAT.publisher(node)
        self._obstacles = interfaces.OBSTACLES.publisher(node)
        person = Obstacle(track_id=1, kind=Obstacle.KIND_PERSON, shape=Obstacle.SHAPE_SPHERE, score=1.0)
        person.pose = Pose(position=Point(x=FAR_M, y=0.0, z=1.0))
        person.size, person.velocity = Vector3(x=0.3), Vector3()
        self._scene = ObstacleArray(obstacles=[person])
        self._scene.header.frame_id = frame
        self._scene.sensors = [SensorReport(sensor=sensor, verdict=SensorReport.VERDICT_OK)]
        self._timer = node.create_timer(BEAT_S, self._beat, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _beat(self) -> None:
        stamp = self._node.get_clock().now().to_msg()
        self._heartbeat.publish(Header(stamp=stamp, frame_id=NAME))
        self._beats += 1
        if self._beats % SCENE_EVERY == 0:
            self._scene.header.stamp = stamp
            for obstacle in self._scene.obstacles:
                obstacle.seen = stamp
            self._obstacles.publish(self._scene)
