import numpy as np
import pytest
from obstacles_around import obstacle

from noetra_ros.core.obstacles import Shape
from noetra_ros.safety.distance import closest_points, obstacle_capsules


def distance_by_search(ours, theirs, count=201):
    shares = np.linspace(0.0, 1.0, count)[:, None]
    first = ours[0] + shares * (ours[1] - ours[0])
    second = theirs[0] + shares * (theirs[1] - theirs[0])
    return np.linalg.norm(first[:, None] - second, axis=-1).min()


@pytest.mark.parametrize("seed", range(3))
def test_closest_points_are_the_closest(seed):
    random = np.random.default_rng(seed)
    ours, theirs = random.normal(size=(4, 2, 3)), random.normal(size=(5, 2, 3))
    theirs[0, 1] = theirs[0, 0]  # a sphere
    theirs[1] = ours[0] + [0.0, 0.0, 1.0]  # parallel
    first, second = closest_points(ours, theirs)
    found = np.linalg.norm(first - second, axis=-1)
    searched = [[distance_by_search(a, b) for b in theirs] for a in ours]
    assert np.all(found <= np.array(searched) + 1e-9)
    assert found == pytest.approx(np.array(searched), abs=0.02)


def test_a_sphere_is_itself():
    segments, radii = obstacle_capsules(
        [obstacle((1.0, 2.0, 3.0), size_m=(0.2, 0.0, 0.0), shape=Shape.SPHERE)]
    )
    assert segments[0].tolist() == [[1.0, 2.0, 3.0]] * 2
    assert radii == pytest.approx([0.2])


def test_a_capsule_lies_along_its_own_z():
    turned = obstacle(
        (0.0, 0.0, 0.0), size_m=(0.1, 0.6, 0.0), quat_xyzw=(0.0, np.sqrt(0.5), 0.0, np.sqrt(0.5))
    )
    segments, radii = obstacle_capsules([turned])
    assert np.abs(segments[0]) == pytest.approx(np.array([[0.3, 0.0, 0.0]] * 2))
    assert radii == pytest.approx([0.1])


def test_a_box_is_held_whole():
    size = np.array([0.2, 0.6, 0.3])
    box = obstacle((0.0, 0.0, 0.0), size_m=size, shape=Shape.BOX)
    segments, radii = obstacle_capsules([box])
    for sign in np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T:
        corner = np.array([[0.5 * sign * size] * 2])[0]
        assert distance_by_search(segments[0], corner) <= radii[0] + 1e-6


def test_an_orientation_of_zeros_is_refused():
    with pytest.raises(ValueError, match="unit quaternion"):
        obstacle_capsules([obstacle((0.0, 0.0, 0.0), quat_xyzw=(0.0, 0.0, 0.0, 0.0))])
