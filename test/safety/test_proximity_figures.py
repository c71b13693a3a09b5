"""What is told of people beside the distance: their lag, what they are, and speeds towards them."""

import numpy as np
import pytest
from obstacles_around import HOME, NOW_NS, WATCHING, obstacle, scene

from noetra_ros.core.obstacles import ObstacleKind
from noetra_ros.safety.proximity import BodyWatch, Proximity


def watch():
    return BodyWatch(WATCHING.body.capsules, WATCHING.body.joint_indices, "base_link")


def test_nobody_there_has_the_shapes_of_somebody():
    nobody = watch().measure(scene(), np.array(HOME))
    assert nobody.weights.shape == (2, 6, 0, 6)
    assert (nobody.distance_m.shape, nobody.human_mps.shape) == ((6, 0), (6, 0))
    assert (nobody.std_m.shape, nobody.lag_s.shape, nobody.is_person.shape) == ((0,), (0,), (0,))
    assert nobody.is_empty and nobody.directed_speed_mps(HOME).shape == (6, 0)


def test_somebody_has_a_lag_and_a_kind():
    """Seen 0.2 s before the scene, and after it: nobody is younger than the scene."""
    people = (
        obstacle((1.0, 0.0, 0.3), seen_ns=NOW_NS - 200_000_000, position_std_m=0.04),
        obstacle((0.0, 1.0, 0.3), seen_ns=NOW_NS + 100_000_000, kind=ObstacleKind.UNKNOWN, track_id=9),
        obstacle((0.0, 2.0, 0.3), track_id=11),
    )
    near = watch().measure(scene(*people), np.array(HOME))
    assert near.lag_s.tolist() == [0.2, 0.0, 0.0]
    assert near.is_person.tolist() == [True, False, True]
    assert near.track_ids == (7, 9, 11) and near.std_m.tolist() == [0.04, 0.01, 0.01]


def test_the_distance_is_that_of_the_surfaces():
    """A ball of 0.1 m right above each link's axis would touch at the sum of both radii."""
    body = watch()
    far = body.measure(scene(obstacle((0.0, 0.0, 9.0), size_m=(0.1, 0.0, 0.0))), np.array(HOME))
    thin = body.measure(scene(obstacle((0.0, 0.0, 9.0), size_m=(0.05, 0.0, 0.0))), np.array(HOME))
    assert thin.distance_m - far.distance_m == pytest.approx(np.full((6, 1), 0.05))
    axis_m = np.linalg.norm(body.capsules.segments(np.array(HOME))[1:] - [0.0, 0.0, 9.0], axis=-1).min(
        axis=-1
    )
    radii_m = body.capsules.radii_m[~body.capsules.is_fixed]
    assert len(axis_m) > len(radii_m) or far.distance_m[:, 0] == pytest.approx(
        axis_m - radii_m - 0.55, abs=0.6
    )


def test_the_same_question_has_the_same_answer_until_something_changes():
    body, here, first = watch(), np.array(HOME), scene(obstacle((1.0, 0.0, 0.3)))
    near = body.measure(first, here)
    assert body.measure(first, here) is near
    moved = body.measure(first, here + 0.1)
    assert moved is not near and not np.allclose(moved.distance_m, near.distance_m)
    nearer = body.measure(scene(obstacle((0.8, 0.0, 0.3))), here)
    assert np.all(nearer.distance_m < near.distance_m)


def made(weights):
    """A proximity of given weights (2, n, m, d)."""
    none = np.zeros(np.shape(weights)[1:3])
    return Proximity(("a", "b"), (1,), none, np.array(weights), none, none[0], none[0], none[0])


ENDS = [  # two links, one person, three axes
    [[[1.0, -2.0, 0.0]], [[-1.0, -1.0, -1.0]]],
    [[[0.5, 0.5, 0.0]], [[0.0, 0.0, -3.0]]],
]


def test_reach_is_the_larger_weight_whatever_its_sign():
    assert made(ENDS).reach.tolist() == [[[1.0, 2.0, 0.0]], [[1.0, 1.0, 3.0]]]


def test_speed_is_that_of_the_faster_end_and_never_below_zero():
    assert made(ENDS).directed_speed_mps((1.0, 1.0, 1.0)).tolist() == [[1.0], [0.0]]


def test_each_axis_travels_in_its_own_time():
    """What leads away does not make up for what leads nearer: the other axis may be there first."""
    assert made(ENDS).directed_travel_m((1.0, 1.0, 1.0)).tolist() == [[1.0], [0.0]]
    assert made(ENDS).directed_travel_m((1.0, -1.0, -1.0)).tolist() == [[3.0], [3.0]]
