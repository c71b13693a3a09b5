"""Shapes hold every point of their cluster, and half a voxel less would not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.core.obstacles import Shape
from noetra_ros.perception.explanation import rotation_of
from noetra_ros.perception.obstacle_fit import fit_box, fit_capsule, fit_obstacle, fit_sphere

VOXEL_M = 0.03


def outside_m(points, fitted):
    """(N,) m, how far points lie outside a shape; negative inside."""
    local = (points - fitted.position_m) @ rotation_of(fitted.quat_xyzw)
    if fitted.shape is Shape.BOX:
        return (np.abs(local) - 0.5 * fitted.size_m).max(axis=1)
    half_m = 0.5 * fitted.size_m[1]
    local[:, 2] -= np.clip(local[:, 2], -half_m, half_m)
    return np.linalg.norm(local, axis=1) - fitted.size_m[0]


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 200),
    st.tuples(*[st.floats(0.0, 0.5)] * 3),
    st.sampled_from([fit_box, fit_capsule, fit_sphere]),
)
def test_every_point_is_inside_and_the_surface_is_touched(seed, count, spread_m, fit):
    rng = np.random.default_rng(seed)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    points = rng.normal(size=(count, 3)) * spread_m @ turn + rng.uniform(-1, 1, 3)
    gap_m = outside_m(points, fit(points, 0.5 * VOXEL_M))
    assert gap_m.max() <= 1e-9
    assert gap_m.max() >= -0.5 * VOXEL_M


def surface_of_box(size_m, turn_rad):
    points = np.random.default_rng(0).uniform(-0.5, 0.5, (800, 3))
    rows = np.arange(800)
    axis = rows % 3
    points[rows, axis] = np.sign(points[rows, axis]) * 0.5
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    return points * size_m @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]]) + [0.4, -0.2, 0.3]


@pytest.mark.parametrize("turn_deg", [0.0, 17.3, 45.0, 88.0])
def test_a_turned_box_is_found_as_a_box_of_its_size(turn_deg):
    fitted = fit_obstacle(surface_of_box((0.3, 0.1, 0.2), np.deg2rad(turn_deg)), VOXEL_M)
    assert fitted.shape is Shape.BOX
    assert sorted(fitted.size_m) == pytest.approx([0.1, 0.2, 0.3], abs=0.005)
    assert fitted.position_m == pytest.approx([0.4, -0.2, 0.3], abs=0.003)


def test_a_ball_is_found_as_one():
    directions = np.random.default_rng(0).normal(size=(500, 3))
    points = 0.2 * directions / np.linalg.norm(directions, axis=1)[:, None]
    fitted = fit_obstacle(points, VOXEL_M)
    assert fitted.shape in (Shape.SPHERE, Shape.CAPSULE)
    assert fitted.size_m == pytest.approx([0.2, 0.0, 0.0], abs=0.002)


def test_a_slanted_rod_is_found_as_a_capsule():
    rng = np.random.default_rng(0)
    around = rng.normal(size=(600, 3))
    axis = np.array([1.0, 1.0, 1.0]) / np.sqrt(3.0)
    around -= np.outer(around @ axis, axis)
    points = 0.04 * around / np.linalg.norm(around, axis=1)[:, None] + np.outer(
        rng.uniform(-0.3, 0.3, 600), axis
    )
    fitted = fit_obstacle(points, VOXEL_M)
    assert fitted.shape is Shape.CAPSULE
    assert rotation_of(fitted.quat_xyzw)[:, 2] == pytest.approx(axis, abs=0.01)
    assert fitted.size_m[0] == pytest.approx(0.04, abs=0.005)


def test_one_point_is_enough():
    assert fit_obstacle(np.array([[1.0, 2.0, 3.0]]), VOXEL_M).position_m == pytest.approx([1.0, 2.0, 3.0])
