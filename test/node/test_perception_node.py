"""The perception node over real DDS: pictures in, obstacles, reports, markers and annotated pictures out."""

import functools

import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from noetra_ros.msg import SensorReport
from perception_bench import CAMERA, PerceptionBench, corners_near, shipped_parameters

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.obstacles import ObstacleKind
from noetra_ros.perception.annotation import COLOURS
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.ros.pictures import rgb_from_image
from noetra_ros.sim.world import make_world

pytestmark = [pytest.mark.ros, pytest.mark.gl]
MS = 1_000_000
OK, SILENT = SensorReport.VERDICT_OK, SensorReport.VERDICT_SILENT


@pytest.fixture(scope="module")
def world():
    made = make_world(load_robot("so101"))
    made.reset(3)
    yield made
    made.close()


def cube_of(world, name="red_cube"):
    return tuple(world.object_poses()[world.object_names.index(name), :3])


def test_a_cube_on_the_table_becomes_an_obstacle_where_it_is(world):
    with PerceptionBench(world) as bench:
        bench.until(lambda: bench.verdict() == OK and bench.scenes[-1].obstacles, "a scene", bench.send)
        scene = bench.scenes[-1]
        assert scene.header.frame_id == "base_link"
        assert corners_near(scene, cube_of(world), 0.03)
        assert 0 < stamp_to_ns(scene.header.stamp) <= bench.now_ns()


def test_compressed_pictures_are_taken(world):
    with PerceptionBench(world, image_transport="compressed") as bench:
        bench.until(lambda: bench.verdict() == OK, "a scene", lambda: bench.send(is_compressed=True))
        assert [p.get_subscription_count() for p in bench.image_publishers] == [0, 1]


def test_a_silent_camera_is_told_while_joints_go_on(world):
    with PerceptionBench(world, silent_s=1.0) as bench:
        bench.until(lambda: bench.verdict() == OK, "a scene", bench.send)
        bench.until(lambda: bench.verdict() == SILENT, "SILENT", bench.send_joints)
        (report,) = bench.scenes[-1].sensors
        assert report.sensor == CAMERA and "s old, allowed 1 s" in report.detail
        error = DiagnosticStatus.ERROR
        bench.until(
            lambda: bench.diagnostics and bench.diagnostics[-1].status[0].level == error, "/diagnostics"
        )
        assert "overhead silent" in bench.diagnostics[-1].status[0].message


def test_diagnostics_tell_the_latency_of_each_step(world):
    with PerceptionBench(world) as bench:
        bench.until(lambda: len(bench.scenes) >= 5, "scenes", bench.send)
        before = len(bench.diagnostics)
        bench.until(lambda: len(bench.diagnostics) > before, "/diagnostics")
        values = {v.key: float(v.value) for v in bench.diagnostics[-1].status[0].values}
        for step in ("total", "age", "health", "points"):
            p50, p95, p99 = (values[f"{step} p{p} [ms]"] for p in (50, 95, 99))
            assert 0.0 <= p50 <= p95 <= p99


def outlined_px(picture):
    """Pixels in the colour of what is unknown."""
    return int((rgb_from_image(picture) == COLOURS[ObstacleKind.UNKNOWN]).all(axis=2).sum())


def test_markers_and_an_annotated_picture_for_those_who_look(world):
    pictures = []
    with PerceptionBench(world) as bench:
        topic = interfaces.ANNOTATED.name.replace("<camera>", CAMERA)
        interfaces.ANNOTATED.subscription(bench.node, pictures.append, topic)
        bench.until(lambda: pictures and outlined_px(pictures[-1]) > 20, "an outline", bench.send)
        bench.until(lambda: bench.markers and bench.markers[-1].markers[1:], "markers", bench.send)
        marker = bench.markers[-1].markers[-1]
    assert marker.header.frame_id == "base_link" and marker.scale.x > 0.0
    assert rgb_from_image(pictures[-1]).shape == (576, 768, 3)
    assert pictures[-1].header.frame_id == "overhead_optical_frame"


def answered(bench, tick_ms):
    return any(stamp_to_ns(beat.stamp) == tick_ms * MS for beat in bench.beats)


def test_lock_step_answers_each_tick_once_and_also_without_a_picture(world):
    ticks = [1_000, 1_100, 1_200, 1_300]
    with PerceptionBench(world, lock_step=True, use_sim_time=True) as bench:
        for tick_ms in ticks:
            has_picture = tick_ms != 1_200
            if has_picture:
                bench.send(tick_ms * MS)
            else:
                bench.send_joints(tick_ms * MS)
            bench.send_tick(tick_ms * MS, has_picture)
            bench.until(functools.partial(answered, bench, tick_ms), f"the answer to {tick_ms} ms")
        assert [stamp_to_ns(beat.stamp) // MS for beat in bench.beats] == ticks
        assert [stamp_to_ns(s.header.stamp) // MS for s in bench.scenes] == [1_000, 1_100, 1_100, 1_300]


def test_wrong_set_up_is_told_at_once():
    missing = {name: value for name, value in shipped_parameters().items() if name != "silent_s"}
    assert "silent_s" not in missing
    with pytest.raises(ConfigError, match=r"cameras: got 'rear'"):
        PerceptionBench(None, cameras=["rear"])
    with pytest.raises(ConfigError, match="tired"):
        PerceptionBench(None, findings=["silent", "tired"])
