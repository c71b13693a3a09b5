"""A simulated person reaches in, seen by the depth camera alone: never farther away than in truth."""

import numpy as np
import pytest
from ray_pictures import frame_from, joints_at, with_settings

from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.perception.explanation import rotation_of
from noetra_ros.perception.pipeline import Pipeline
from noetra_ros.robots.link_capsules import LinkCapsules

PERIOD_STEPS = 50  # 10 Hz
FRAMES = 80


def gap_m(obstacle, points, reach_m):
    """Smallest distance of balls (points (N, 3), reach (N,)) to an obstacle's surface."""
    local = (points - obstacle.position_m) @ rotation_of(obstacle.quat_xyzw)
    if obstacle.shape is Shape.BOX:
        outside = np.maximum(np.abs(local) - 0.5 * obstacle.size_m, 0.0)
        return (np.linalg.norm(outside, axis=1) - reach_m).min()
    half_m = 0.5 * obstacle.size_m[1]
    local[:, 2] -= np.clip(local[:, 2], -half_m, half_m)
    return (np.linalg.norm(local, axis=1) - obstacle.size_m[0] - reach_m).min()


def along(segments, radii_m, count=15):
    """Balls along capsules: centres (n * count, 3) and radii (n * count,)."""
    shares = np.linspace(0.0, 1.0, count)[:, None]
    return np.concatenate([a + shares * (b - a) for a, b in segments]), np.repeat(radii_m, count)


def true_gap_m(robot, robot_reach_m, person, person_reach_m):
    between = np.linalg.norm(robot[:, None] - person[None], axis=-1)
    return (between - robot_reach_m[:, None] - person_reach_m).min()


@pytest.mark.gl
@pytest.mark.parametrize("seed", [1, 5])
def test_a_reaching_person_is_never_farther_than_in_truth(so101, table_world, seed):
    table_world.reset(seed, "none", "reach")
    pipeline = Pipeline(so101, with_settings(unseen_thickness_m=0.12))
    capsules, errors_m = LinkCapsules(so101), []
    moves = ~capsules.is_fixed
    for _ in range(FRAMES):
        table_world.step(PERIOD_STEPS)
        positions, frame = table_world.joint_state().positions, frame_from(table_world)
        pipeline.add_joints(joints_at(so101, positions, frame.stamp_ns))
        pipeline.add_depth(frame)
        obstacles = pipeline.scene(frame.stamp_ns).obstacles
        watch = table_world.person()
        if not watch.is_present:
            continue
        robot = along(capsules.segments(positions)[moves], capsules.radii_m[moves])
        truth_m = true_gap_m(*robot, *along(watch.segments_m, watch.radii_m))
        people = [o for o in obstacles if o.kind is ObstacleKind.UNKNOWN and o.position_m[2] > 0.05]
        if 0.0 < truth_m < 0.6:
            errors_m.append(min(gap_m(person, *robot) for person in people) - truth_m)
    assert len(errors_m) >= 15
    assert max(errors_m) < 0.01  # no more than a pixel of the camera covers
    assert np.median(errors_m) > -0.06  # and not so near that the robot would stop for nothing
