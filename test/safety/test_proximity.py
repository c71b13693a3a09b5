import numpy as np
import pytest
from obstacles_around import HOME, WATCHING, obstacle, scene

from noetra_ros.core.obstacles import ObstacleKind
from noetra_ros.safety.proximity import BodyWatch

BODY = WATCHING.body


def measured(positions, *people):
    return BodyWatch(BODY.capsules, BODY.joint_indices, "base_link").measure(
        scene(*people), np.array(positions)
    )


@pytest.mark.parametrize("joint", range(6))
def test_weights_are_how_fast_the_distance_shrinks(joint):
    person, step = obstacle((0.9, 0.3, 0.2), size_m=(0.1, 0.0, 0.0)), 1e-6
    before, after = (measured(np.array(HOME) + sign * step * np.eye(6)[joint], person) for sign in (-1, 1))
    shrinking = (before.distance_m - after.distance_m) / (2 * step)
    weights = measured(HOME, person).weights[..., joint]
    low, high = weights.min(axis=0), weights.max(axis=0)
    assert np.all(shrinking >= low - 1e-3)  # the closest point lies between the two ends
    assert np.all(shrinking <= high + 1e-3)


def test_only_moving_links_and_protected_obstacles_count():
    near = measured(HOME, obstacle((1.0, 0.0, 0.3)), obstacle((1.0, 0.0, 0.3), kind=ObstacleKind.OBJECT))
    assert "base_link" not in near.links
    assert near.distance_m.shape == (6, 1)
    assert measured(HOME, obstacle((1.0, 0.0, 0.3), kind=ObstacleKind.FIXTURE)).is_empty


def test_no_speeds_within_the_limits_beat_the_reach():
    near = measured(HOME, obstacle((0.8, 0.2, 0.3)))
    speeds = np.random.default_rng(0).uniform(-1.0, 1.0, (200, 6))
    fastest = np.max([near.directed_speed_mps(row) for row in speeds], axis=0)
    assert np.all(fastest <= near.reach @ np.ones(6) + 1e-12)


def test_a_person_who_comes_closer_has_a_positive_speed():
    near = measured(HOME, obstacle((1.5, 0.0, 0.3), velocity_mps=(-1.0, 0.0, 0.0)))
    assert near.human_mps == pytest.approx(np.full((6, 1), 1.0), abs=0.1)
