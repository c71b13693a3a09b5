"""What the perception node says of itself: latency of each step on /diagnostics; obstacles as markers."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping

import numpy as np
from diagnostic_msgs.msg import DiagnosticStatus, KeyValue
from geometry_msgs.msg import Point
from std_msgs.msg import ColorRGBA
from visualization_msgs.msg import Marker, MarkerArray

from noetra_ros.core.obstacles import (
    Obstacle,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.evaluation.report.palette import KIND_COLOURS
from noetra_ros.ros.conversions import ns_to_stamp

WINDOW = 600  # scenes that the percentiles are taken of: a minute at 10 Hz
PERCENTILES = (50, 95, 99)
MS = 1e3
SEEN_THROUGH = 0.6


class Latencies:
    """Durations of the newest scenes, by step."""

    def __init__(self) -> None:
        self._durations_s: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=WINDOW))

    def add(self, durations_s: Mapping[str, float]) -> None:
        """Durations of one scene."""
        for step, duration_s in durations_s.items():
            self._durations_s[step].append(duration_s)

    def values(self) -> list[KeyValue]:
        """p50, p95 and p99 of each step."""
        return [
            KeyValue(
                key=f"{step} p{percent} [ms]", value=f"{np.percentile(list(durations), percent) * MS:.2f}"
            )
            for step, durations in self._durations_s.items()
            for percent in PERCENTILES
        ]


def perception_status(
    name: str, reports: tuple[SensorReport, ...], latencies: Latencies, counts: Mapping[str, int]
) -> DiagnosticStatus:
    """One line of /diagnostics."""
    bad = [r for r in reports if r.verdict is not SensorVerdict.OK]
    words = "; ".join(f"{r.sensor} {r.verdict.name.lower()}: {r.detail}" for r in bad)
    return DiagnosticStatus(
        level=DiagnosticStatus.ERROR if bad else DiagnosticStatus.OK,
        name=name,
        message=words or ("ok" if reports else "no scene yet"),
        hardware_id="perception",
        values=[
            *(KeyValue(key=key, value=str(count)) for key, count in counts.items()),
            *latencies.values(),
        ],
    )


def markers_of(scene: ObstacleScene) -> MarkerArray:
    """All obstacles, in place of those of the last scene."""
    markers = [Marker(action=Marker.DELETEALL)]
    for obstacle in scene.obstacles:
        markers += _markers(obstacle)
    for marker in markers:
        marker.header.frame_id, marker.header.stamp = scene.frame, ns_to_stamp(scene.stamp_ns)
    return MarkerArray(markers=markers)


def _markers(obstacle: Obstacle) -> list[Marker]:
    radius = 2.0 * float(obstacle.size_m[0])
    if obstacle.shape is Shape.BOX:
        shapes = [_marker(obstacle, "body", Marker.CUBE, obstacle.size_m)]
    elif obstacle.shape is Shape.SPHERE:
        shapes = [_marker(obstacle, "body", Marker.SPHERE, (radius, radius, radius))]
    else:
        shapes = _capsule_markers(obstacle, radius)
    return [*shapes, *_arrow(obstacle)]


def _capsule_markers(obstacle: Obstacle, width_m: float) -> list[Marker]:
    """A cylinder and two balls: there is no marker for a capsule."""
    length_m = float(obstacle.size_m[1])
    cylinder = _marker(obstacle, "body", Marker.CYLINDER, (width_m, width_m, length_m))
    balls = []
    for side in (-1, 1):
        ball = _marker(obstacle, f"end{side}", Marker.SPHERE, (width_m, width_m, width_m))
        end_m = obstacle.position_m + side * 0.5 * length_m * _axis_z(obstacle.quat_xyzw)
        ball.pose.position = _point(end_m)
        balls.append(ball)
    return [cylinder, *balls]


def _arrow(obstacle: Obstacle) -> list[Marker]:
    """Where it will be in a second; nothing where that is not known."""
    if not np.isfinite(obstacle.velocity_mps).all():
        return []
    arrow = _marker(obstacle, "velocity", Marker.ARROW, (0.01, 0.02, 0.02))
    arrow.pose.position, arrow.pose.orientation.w = Point(), 1.0
    q = arrow.pose.orientation
    q.x = q.y = q.z = 0.0
    arrow.points = [_point(obstacle.position_m), _point(obstacle.position_m + obstacle.velocity_mps)]
    return [arrow]


def _marker(obstacle: Obstacle, part: str, kind: int, scale_m: object) -> Marker:
    marker = Marker(ns=part, id=obstacle.track_id % 2**31, type=kind, action=Marker.ADD)
    marker.pose.position = _point(obstacle.position_m)
    q = marker.pose.orientation
    q.x, q.y, q.z, q.w = (float(value) for value in obstacle.quat_xyzw)
    scale = marker.scale
    scale.x, scale.y, scale.z = (float(value) for value in np.asarray(scale_m))
    red, green, blue = KIND_COLOURS[obstacle.kind]
    marker.color = ColorRGBA(r=red, g=green, b=blue, a=SEEN_THROUGH)
    return marker


def _point(position_m: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Point:
    x, y, z = (float(value) for value in position_m)
    return Point(x=x, y=y, z=z)


def _axis_z(
    quat_xyzw: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Direction of a body's z axis."""
    x, y, z, w = quat_xyzw
    return np.array([2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)])
