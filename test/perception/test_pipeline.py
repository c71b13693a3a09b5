"""From rendered and made depth pictures to obstacles: what is there is found, the robot itself is not."""

import numpy as np
import pytest
from ray_pictures import LEVEL, base_with_eye, cast, frame_from, frame_of, joints_at, thing, with_settings

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.obstacles import ObstacleKind, SensorReport, SensorVerdict, Shape
from noetra_ros.perception.frames import CloudFrame, ScanFrame
from noetra_ros.perception.pipeline import Pipeline
from noetra_ros.robots.profile import load_robot

STEP_NS = 100_000_000


def eye_pipeline(**changes):
    return Pipeline(base_with_eye(), with_settings(sensors=("eye",), **changes))


def seen(pipeline, depth_m, stamp_ns=1):
    pipeline.add_depth(frame_of(depth_m, stamp_ns))
    return pipeline.scene(stamp_ns).obstacles


def seen_by_overhead(so101, world, **changes):
    """Obstacles of one picture of the simulated table."""
    pipeline, frame = Pipeline(so101, with_settings(**changes)), frame_from(world)
    pipeline.add_joints(joints_at(so101, world.joint_state().positions, frame.stamp_ns))
    pipeline.add_depth(frame)
    return pipeline.scene(frame.stamp_ns).obstacles


def test_a_box_of_known_size_is_found_within_a_centimetre():
    low, high = np.array([0.0, -0.1, 0.3]), np.array([0.2, 0.2, 0.6])  # 0.3 m wide and high
    (found,) = seen(eye_pipeline(part_m=1.0), cast(LEVEL, boxes=[(low, high)]))
    assert found.shape is Shape.BOX
    assert found.position_m[1:] == pytest.approx(0.5 * (low + high)[1:], abs=0.01)
    assert found.position_m[0] - 0.5 * found.size_m[0] == pytest.approx(
        0.0, abs=0.01
    )  # the side that is seen
    assert sorted(found.size_m)[1:] == pytest.approx([0.3, 0.3], abs=0.01)
    assert found.is_protected


def test_holes_and_nothing_in_range_are_no_obstacles():
    depth_m = np.full((480, 640), np.nan, np.float32)
    depth_m[:200], depth_m[200:220] = np.inf, 0.0
    assert seen(eye_pipeline(), depth_m) == ()


@pytest.mark.gl
def test_the_arm_itself_is_no_obstacle_in_50_poses(so101, table_world):
    table_world.reset(3)
    limits = np.array([(j.lower_rad, j.upper_rad) for j in so101.joints.values()])
    away = table_world.object_poses() + np.array([3.0, 0, 0, 0, 0, 0, 0])
    for positions in np.random.default_rng(7).uniform(*limits.T, (50, len(limits))):
        table_world.show(positions, away)
        places = [o.position_m[:2] for o in seen_by_overhead(so101, table_world, points_min=1)]
        from_bowl_m = np.linalg.norm(np.array(places) - table_world.layout.bowl_m, axis=1)
        assert len(places) >= 1 and (from_bowl_m < 0.06).all(), positions


@pytest.mark.gl
def test_an_arm_that_is_elsewhere_than_its_joints_say_is_an_obstacle(so101, table_world):
    table_world.reset(3)
    pipeline, frame = Pipeline(so101, with_settings()), frame_from(table_world)
    pipeline.add_joints(joints_at(so101, table_world.joint_state().positions + 0.5, frame.stamp_ns))
    pipeline.add_depth(frame)
    tallest_m = max(o.position_m[2] for o in pipeline.scene(frame.stamp_ns).obstacles)
    assert tallest_m > 0.06


@pytest.mark.gl
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_cubes_on_the_table_are_found(so101, table_world, seed):
    table_world.reset(seed)
    truth = table_world.truth().objects
    found = np.array([o.position_m[:2] for o in seen_by_overhead(so101, table_world, points_min=1)])
    bare = (
        np.linalg.norm([thing.position_m[:2] for thing in truth.values()], axis=1) > 0.25
    )  # not under the arm
    for name, is_bare in zip(truth, bare, strict=True):
        errors_m = np.linalg.norm(found - truth[name].position_m[:2], axis=1)
        assert not is_bare or errors_m.min() < 0.01, name


def test_a_sphere_at_one_metre_a_second_gets_its_velocity_within_a_tenth():
    pipeline = eye_pipeline()
    for k in range(8):
        centre = np.array([0.3, -0.35 + 0.1 * k, 0.5])
        obstacles = seen(pipeline, cast(LEVEL, spheres=[(centre, 0.1)]), k * STEP_NS)
        if k == 0:
            assert np.isnan(obstacles[0].velocity_mps).all()
    (ball,) = obstacles
    assert ball.track_id == 1
    assert ball.velocity_mps == pytest.approx([0.0, 1.0, 0.0], abs=0.1)


def test_a_scene_later_than_its_data_is_moved_on():
    pipeline = eye_pipeline()
    for k in range(8):
        centre = np.array([0.3, -0.35 + 0.1 * k, 0.5])
        (ball,) = seen(pipeline, cast(LEVEL, spheres=[(centre, 0.1)]), k * STEP_NS)
    scene = pipeline.scene(7 * STEP_NS + 50_000_000)
    assert scene.stamp_ns == 7 * STEP_NS
    assert scene.obstacles[0].position_m - ball.position_m == pytest.approx([0.0, 0.05, 0.0], abs=0.005)


def test_only_what_is_recognised_is_no_person():
    cube = (np.array([0.3, 0.0, 0.3]), np.array([0.36, 0.06, 0.36]))
    pipeline, picture = eye_pipeline(), cast(LEVEL, boxes=[cube])
    assert seen(pipeline, picture, 1)[0].kind is ObstacleKind.UNKNOWN
    pipeline.add_objects([thing("red_cube", [0.33, 0.03, 0.33], [0.06] * 3)], 1)
    assert seen(pipeline, picture, 2)[0].kind is ObstacleKind.OBJECT


def test_a_known_thing_in_a_hand_is_as_protected_as_the_hand():
    cube = (np.array([0.3, 0.0, 0.3]), np.array([0.36, 0.06, 0.36]))
    hand = (np.array([0.3, 0.06, 0.28]), np.array([0.4, 0.2, 0.38]))
    pipeline = eye_pipeline()
    pipeline.add_objects([thing("red_cube", [0.33, 0.03, 0.33], [0.06] * 3)], 1)
    obstacles = seen(pipeline, cast(LEVEL, boxes=[cube, hand]), 2)
    assert obstacles and all(o.kind is ObstacleKind.UNKNOWN for o in obstacles)
    pipeline.add_objects([thing("hand", [0.35, 0.13, 0.33], [0.1, 0.14, 0.1])], 2)
    assert {o.kind for o in seen(pipeline, cast(LEVEL, boxes=[cube, hand]), 3)} == {ObstacleKind.PERSON}


def test_a_fixture_is_one_only_by_configuration():
    post = (np.array([0.3, 0.0, 0.1]), np.array([0.36, 0.06, 0.5]))
    picture = cast(LEVEL, boxes=[post])
    named = eye_pipeline(fixtures=("post=0.3,0.0,0.1,0.36,0.06,0.5",))
    assert {o.kind for o in seen(named, picture)} == {ObstacleKind.FIXTURE}
    assert {o.kind for o in seen(eye_pipeline(), picture)} == {ObstacleKind.UNKNOWN}


def test_a_fixture_has_a_name_and_reaches_behind_the_side_that_is_seen():
    """From above only the top of a post is seen: an arm must not be led into what stands below it."""
    post = (np.array([0.3, 0.0, 0.1]), np.array([0.36, 0.06, 0.5]))
    named = eye_pipeline(fixtures=("post=0.3,0.0,0.1,0.36,0.06,0.5",), unseen_thickness_m=0.12)
    found = seen(named, cast(LEVEL, boxes=[post]))  # tall: in parts
    assert {part.labels for part in found} == {("post",)}
    assert all(part.position_m[0] + 0.4 * part.size_m[0] > 0.38 for part in found)


@pytest.mark.parametrize(
    "entry", ["post", "post=1,2,3", "post=1,0,0,0,1,1", "post=a,b,c,d,e,f", "=0,0,0,1,1,1"]
)
def test_a_fixture_that_cannot_be_read_is_an_error(entry):
    with pytest.raises(ConfigError, match=r"fixtures\[0\]"):
        eye_pipeline(fixtures=(entry,))


def test_a_scan_gives_obstacles(so101):
    ranges_m = np.full(360, np.inf)
    ranges_m[85:95] = 1.0  # straight to the left is beam 90
    ranges_m[200] = 0.05  # nearer than the scanner can tell
    pose = np.eye(4)
    pose[2, 3] = 0.2
    pipeline = Pipeline(load_robot("diffbot"), with_settings())
    pipeline.add_scan(ScanFrame(5, "scan", 0.0, np.pi / 180, 0.12, 8.0, ranges_m, pose))
    scene = pipeline.scene(5)
    (found,) = scene.obstacles
    assert found.position_m == pytest.approx([0.0, 1.0, 0.2], abs=0.02)
    assert scene.stamp_ns == 5


def test_a_cloud_and_a_picture_of_the_same_thing_are_one_obstacle():
    box = (np.array([0.3, 0.0, 0.3]), np.array([0.36, 0.06, 0.36]))
    side = np.mgrid[0.3:0.36:7j, 0.06:0.07:2j, 0.3:0.36:7j].reshape(3, -1).T
    pipeline = Pipeline(base_with_eye(), with_settings(sensors=("eye", "lidar")))
    pipeline.add_cloud(CloudFrame(3, "lidar", np.vstack([side, np.full((1, 3), np.nan)]), np.eye(4)))
    assert pipeline.scene(3).stamp_ns == 0  # the camera has not sent anything yet
    (found,) = seen(pipeline, cast(LEVEL, boxes=[box]), 4)
    assert found.position_m[1] + 0.5 * found.size_m[1] == pytest.approx(0.07, abs=0.01)
    assert (pipeline.scene(4).stamp_ns, found.seen_ns) == (3, 4)


def test_an_older_sensor_counts_as_soon_as_it_sends():
    ball = np.random.default_rng(0).normal(size=(200, 3)) * 0.02 + [0.3, 0.5, 0.5]
    pipeline = Pipeline(base_with_eye(), with_settings(sensors=("eye", "lidar")))
    assert seen(pipeline, np.full((480, 640), np.inf, np.float32), 9) == ()
    pipeline.add_cloud(CloudFrame(3, "lidar", ball, np.eye(4)))
    assert len(pipeline.scene(9).obstacles) == 1


def test_a_clock_that_was_set_back_starts_anew():
    pipeline, picture = eye_pipeline(), cast(LEVEL, spheres=[((0.3, 0.0, 0.5), 0.1)])
    seen(pipeline, picture, 100 * STEP_NS)
    (ball,) = seen(pipeline, picture, STEP_NS)
    assert (ball.track_id, ball.seen_ns) == (2, STEP_NS)


@pytest.mark.gl
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_nothing_on_the_table_is_unknown_where_recognition_is_good(so101, table_world, seed):
    table_world.reset(seed)
    rng, frame = np.random.default_rng(seed), frame_from(table_world)
    things = [
        thing(name, truth.position_m + rng.normal(0.0, 0.005, 3), [0.028] * 3)
        for name, truth in table_world.truth().objects.items()
    ]
    things.append(thing("bowl", [*table_world.layout.bowl_m, 0.014], [0.104, 0.104, 0.028]))
    pipeline = Pipeline(so101, with_settings(unseen_thickness_m=0.12))
    pipeline.add_objects(things, frame.stamp_ns)
    pipeline.add_joints(joints_at(so101, table_world.joint_state().positions, frame.stamp_ns))
    pipeline.add_depth(frame)
    kinds = [o.kind for o in pipeline.scene(frame.stamp_ns).obstacles]
    assert len(kinds) >= 3
    assert set(kinds) == {ObstacleKind.OBJECT}


def test_a_picture_without_joint_states_is_left_out(so101, table_world):
    pipeline, frame = (
        Pipeline(so101, with_settings()),
        frame_of(np.ones((48, 64), np.float32), 9, camera="overhead"),
    )
    pipeline.add_depth(frame)
    assert pipeline.scene(9).stamp_ns == 0
    assert pipeline.left_out["overhead"] == 1


def test_reports_of_sensors_are_passed_on():
    report = SensorReport("eye", SensorVerdict.BLACK, "mean 2 of 255, at least 8")
    assert eye_pipeline().scene(1, [report]).sensors == (report,)


def test_a_camera_without_depth_is_an_error(so101):
    with pytest.raises(ConfigError, match="'wrist', a camera without depth"):
        Pipeline(so101, with_settings(sensors=("wrist",)))


def test_each_step_is_timed():
    pipeline = eye_pipeline()
    seen(pipeline, cast(LEVEL, spheres=[((0.3, 0.0, 0.5), 0.1)]))
    steps = ["points", "region", "table", "body", "clusters", "shapes", "tracks"]
    assert list(pipeline.times.seconds) == steps
    assert min(pipeline.times.seconds.values()) > 0.0
