import numpy as np
import pytest

from noetra_ros.robots.capsule_fit import enclosing_capsule


def distances_m(points, capsule):
    axis = capsule.end_m - capsule.start_m
    share = np.clip((points - capsule.start_m) @ axis / max(axis @ axis, 1e-30), 0.0, 1.0)
    return np.linalg.norm(points - capsule.start_m - share[:, None] * axis, axis=1)


@pytest.mark.parametrize("seed", range(5))
def test_every_point_is_inside(seed):
    points = np.random.default_rng(seed).normal(size=(200, 3)) * [0.3, 0.1, 0.05]
    capsule = enclosing_capsule(points)
    assert distances_m(points, capsule).max() <= capsule.radius_m + 1e-9


def test_a_capsule_is_found_again():
    random = np.random.default_rng(1)
    outwards = random.normal(size=(2000, 3))
    outwards /= np.linalg.norm(outwards, axis=1)[:, None]
    points = 0.05 * outwards + random.choice([-0.2, 0.2], 2000)[:, None] * [0.6, 0.0, 0.8]
    capsule = enclosing_capsule(points)
    assert capsule.radius_m == pytest.approx(0.05, rel=0.05)
    assert np.linalg.norm(capsule.end_m - capsule.start_m) == pytest.approx(0.4, rel=0.05)


@pytest.mark.parametrize(
    "points", [[[1.0, 2.0, 3.0]], [[0, 0, 0], [1, 0, 0]], [[0, 0, 0], [1, 0, 0], [0, 1, 0]]]
)
def test_points_without_volume_are_held_too(points):
    points = np.array(points, dtype=float)
    capsule = enclosing_capsule(points)
    assert distances_m(points, capsule).max() <= capsule.radius_m + 1e-9
