"""Obstacles, objects and sensor reports as messages, and back."""

from __future__ import annotations

from geometry_msgs.msg import Pose, Vector3

from noetra_ros.core.obstacles import (
    DetectedObject,
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.core.types import FloatArray
from noetra_ros.msg import DetectedObject as DetectedObjectMessage
from noetra_ros.msg import DetectedObjectArray, ObstacleArray
from noetra_ros.msg import Obstacle as ObstacleMessage
from noetra_ros.msg import SensorReport as SensorReportMessage
from noetra_ros.ros.conversions import ns_to_stamp, stamp_to_ns


def scene_to_message(scene: ObstacleScene) -> ObstacleArray:
    """A scene for perception/obstacles."""
    message = ObstacleArray(
        obstacles=[_obstacle_to_message(obstacle) for obstacle in scene.obstacles],
        sensors=[
            SensorReportMessage(sensor=r.sensor, verdict=r.verdict.value, detail=r.detail)
            for r in scene.sensors
        ],
    )
    message.header.stamp, message.header.frame_id = ns_to_stamp(scene.stamp_ns), scene.frame
    return message


def scene_from_message(message: ObstacleArray) -> ObstacleScene:
    """The scene of perception/obstacles.

    Raises:
        ValueError: NaN in a pose or size, a size below 0, an unknown kind, shape or verdict.
    """
    return ObstacleScene(
        stamp_ns=stamp_to_ns(message.header.stamp),
        frame=message.header.frame_id,
        obstacles=tuple(_obstacle_from_message(entry) for entry in message.obstacles),
        sensors=tuple(SensorReport(r.sensor, SensorVerdict(r.verdict), r.detail) for r in message.sensors),
    )


def objects_to_message(objects: list[DetectedObject], stamp_ns: int, frame: str) -> DetectedObjectArray:
    """Objects for perception/objects."""
    message = DetectedObjectArray(objects=[_object_to_message(thing) for thing in objects])
    message.header.stamp, message.header.frame_id = ns_to_stamp(stamp_ns), frame
    return message


def _obstacle_to_message(obstacle: Obstacle) -> ObstacleMessage:
    return ObstacleMessage(
        track_id=obstacle.track_id,
        kind=obstacle.kind.value,
        shape=obstacle.shape.value,
        pose=_pose(obstacle.position_m, obstacle.quat_xyzw),
        size=_vector(obstacle.size_m),
        velocity=_vector(obstacle.velocity_mps),
        position_std=float(obstacle.position_std_m),
        score=float(obstacle.score),
        seen=ns_to_stamp(obstacle.seen_ns),
        labels=list(obstacle.labels),
    )


def _obstacle_from_message(message: ObstacleMessage) -> Obstacle:
    p, q, s, v = message.pose.position, message.pose.orientation, message.size, message.velocity
    if min(s.x, s.y, s.z) < 0.0:
        raise ValueError(f"obstacle {message.track_id}: size {s.x}, {s.y}, {s.z} m, expected >= 0")
    return Obstacle(
        track_id=message.track_id,
        kind=ObstacleKind(message.kind),
        shape=Shape(message.shape),
        position_m=(p.x, p.y, p.z),
        quat_xyzw=(q.x, q.y, q.z, q.w),
        size_m=(s.x, s.y, s.z),
        velocity_mps=(v.x, v.y, v.z),
        position_std_m=message.position_std,
        score=message.score,
        seen_ns=stamp_to_ns(message.seen),
        labels=tuple(message.labels),
    )


def _object_to_message(thing: DetectedObject) -> DetectedObjectMessage:
    return DetectedObjectMessage(
        label=thing.label,
        score=float(thing.score),
        camera=thing.camera,
        box=[float(edge) for edge in thing.box_px],
        pose=_pose(thing.position_m, thing.quat_xyzw),
        size=_vector(thing.size_m),
    )


def _pose(position_m: FloatArray, quat_xyzw: FloatArray) -> Pose:
    pose = Pose()
    pose.position.x, pose.position.y, pose.position.z = (float(value) for value in position_m)
    q = pose.orientation
    q.x, q.y, q.z, q.w = (float(value) for value in quat_xyzw)
    return pose


def _vector(values: FloatArray) -> Vector3:
    x, y, z = (float(value) for value in values)
    return Vector3(x=x, y=y, z=z)
