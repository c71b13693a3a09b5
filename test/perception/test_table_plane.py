"""The table: fitted where it can be seen, never something else that is flat."""

import numpy as np
import pytest
from ray_pictures import with_settings

from noetra_ros.perception.table_plane import configured_plane, fitted_plane


def table(slope=0.0, height_m=0.0, count=5000, noise_m=0.002):
    rng = np.random.default_rng(0)
    points = rng.uniform((-0.6, -1.2, 0.0), (1.4, 1.2, 0.0), (count, 3))
    points[:, 2] = height_m + slope * points[:, 0] + rng.normal(0.0, noise_m, count)
    return points.astype(np.float32)


def test_a_tilted_table_is_found_among_other_things():
    things = (
        np.random.default_rng(1).uniform((0.0, -0.3, 0.0), (0.5, 0.3, 0.03), (1500, 3)).astype(np.float32)
    )
    plane = fitted_plane(np.vstack([table(slope=0.01), things]), with_settings())
    assert plane.normal == pytest.approx(np.array([-0.01, 0.0, 1.0]), abs=0.002)
    assert plane.offset_m == pytest.approx(0.0, abs=0.002)
    assert not plane.is_above(table(slope=0.01), 0.015).any()


def test_a_plane_too_far_from_the_configured_height_is_none():
    assert fitted_plane(table(height_m=0.2), with_settings()) is None
    assert fitted_plane(table(slope=0.05), with_settings()) is None


def test_too_few_points_are_no_table():
    assert fitted_plane(table(count=100), with_settings()) is None


def test_the_configured_plane_parts_above_and_below():
    points = np.array([[0, 0, 0.109], [0, 0, 0.111], [0, 0, -1]], np.float32)
    assert configured_plane(0.1).is_above(points, 0.01).tolist() == [False, True, False]
