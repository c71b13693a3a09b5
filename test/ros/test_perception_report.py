"""What perception says of itself: percentiles, verdicts in words, a marker for each obstacle."""

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from visualization_msgs.msg import Marker

from noetra_ros.core.obstacles import (
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.ros.perception_report import Latencies, markers_of, perception_status

pytestmark = pytest.mark.ros
UP = np.array([0.0, 0.0, 0.0, 1.0])


def obstacle(shape, size_m, velocity_mps=(np.nan, np.nan, np.nan), kind=ObstacleKind.PERSON):
    return Obstacle(7, kind, shape, (0.3, 0.0, 0.5), UP, size_m, velocity_mps, 0.01, 0.9, 5)


def markers(*obstacles):
    return markers_of(ObstacleScene(1_000_000_000, "base_link", obstacles, ())).markers[1:]


def test_percentiles_of_each_step():
    latencies = Latencies()
    for milliseconds in range(1, 101):
        latencies.add({"points": milliseconds * 1e-3})
    values = {v.key: float(v.value) for v in latencies.values()}
    assert values["points p50 [ms]"] == pytest.approx(50.5)
    assert values["points p95 [ms]"] == pytest.approx(95.05)
    assert values["points p99 [ms]"] == pytest.approx(99.01)


def test_a_sensor_that_cannot_be_believed_is_an_error_in_words():
    reports = (SensorReport("front", SensorVerdict.OK), SensorReport("eye", SensorVerdict.BLACK, "level 3"))
    status = perception_status("/perception", reports, Latencies(), {"scenes": 4})
    assert status.level == DiagnosticStatus.ERROR and status.message == "eye black: level 3"
    assert (status.values[0].key, status.values[0].value) == ("scenes", "4")


def test_the_old_markers_go_first():
    first = markers_of(ObstacleScene(0, "base_link", (), ())).markers
    assert [marker.action for marker in first] == [Marker.DELETEALL]


@pytest.mark.parametrize(
    ("shape", "size_m", "kinds"),
    [
        (Shape.BOX, (0.1, 0.2, 0.3), [Marker.CUBE]),
        (Shape.SPHERE, (0.1, 0.0, 0.0), [Marker.SPHERE]),
        (Shape.CAPSULE, (0.1, 0.4, 0.0), [Marker.CYLINDER, Marker.SPHERE, Marker.SPHERE]),
    ],
)
def test_each_shape_has_its_markers(shape, size_m, kinds):
    made = markers(obstacle(shape, size_m))
    assert [marker.type for marker in made] == kinds
    assert {marker.header.frame_id for marker in made} == {"base_link"}
    assert len({(marker.ns, marker.id) for marker in made}) == len(made)


def test_ends_of_a_capsule_lie_on_its_axis():
    _, low, high = markers(obstacle(Shape.CAPSULE, (0.1, 0.4, 0.0)))
    assert (low.pose.position.z, high.pose.position.z) == pytest.approx((0.3, 0.7))


def test_a_known_velocity_is_an_arrow():
    arrow = markers(obstacle(Shape.SPHERE, (0.1, 0.0, 0.0), (0.0, -0.5, 0.0)))[-1]
    assert arrow.type == Marker.ARROW
    assert (arrow.points[0].y, arrow.points[1].y) == pytest.approx((0.0, -0.5))
