"""Things lie apart, within reach, and never on the lane of a pushed cube."""

import numpy as np
import pytest

from noetra_ros.sim.layout import CUBE_RADII_M, sample_layout
from noetra_ros.sim.scene import BOWL_OUTER_RADIUS_M, CUBE_HALF_M, CUBES


@pytest.fixture(scope="module")
def layouts():
    return [sample_layout(np.random.default_rng(seed)) for seed in range(200)]


def test_cubes_are_within_reach(layouts):
    radii = [np.linalg.norm(layout.positions_m[name]) for layout in layouts for name in CUBES]
    assert min(radii) >= CUBE_RADII_M[0] and max(radii) <= CUBE_RADII_M[1]


def test_things_do_not_overlap(layouts):
    for layout in layouts:
        spots = np.array(list(layout.positions_m.values()))
        gaps = np.linalg.norm(spots[:, None] - spots[None], axis=-1)
        assert gaps[~np.eye(len(spots), dtype=bool)].min() > 0.043
        assert np.linalg.norm(spots - layout.bowl_m, axis=1).min() > BOWL_OUTER_RADIUS_M + CUBE_HALF_M * 1.1


def test_a_lane_outward_from_each_cube_is_free(layouts):
    for layout in layouts:
        for name in CUBES:
            cube = layout.positions_m[name]
            ahead = cube / np.linalg.norm(cube) * np.arange(0.01, 0.07, 0.01)[:, None] + cube
            others = [spot for other, spot in layout.positions_m.items() if other != name]
            gaps = np.linalg.norm(ahead[:, None] - np.array(others)[None], axis=-1)
            assert gaps.min() > CUBE_HALF_M + 0.0125


def test_the_seed_decides():
    first, again, other = (sample_layout(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert np.array_equal(first.bowl_m, again.bowl_m)
    assert not np.array_equal(first.bowl_m, other.bowl_m)
