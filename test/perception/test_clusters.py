"""Which points belong together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from noetra_ros.perception.clusters import cluster_labels

VOXEL_M = 0.03


def test_points_less_than_a_voxel_apart_are_one_cluster_wherever_the_grid_lies():
    for start in np.linspace(-0.1, 0.1, 50):
        pair = np.array([[start, start, start], [start + 0.029, start - 0.029, start]], np.float32)
        assert cluster_labels(pair, VOXEL_M).max() == 0


def test_two_empty_voxels_part_clusters():
    points = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.091]], np.float32)
    assert sorted(cluster_labels(points, VOXEL_M)) == [0, 1]


def test_nothing_is_no_cluster():
    assert cluster_labels(np.zeros((0, 3), np.float32), VOXEL_M).tolist() == []


@given(st.integers(0, 2**32 - 1), st.integers(1, 400))
def test_same_as_labels_of_the_full_grid(seed, count):
    cells = np.random.default_rng(seed).integers(-6, 6, (count, 3))
    points = ((cells + 0.5) * VOXEL_M).astype(np.float32)
    grid = np.zeros((12, 12, 12), bool)
    grid[tuple((cells + 6).T)] = True
    expected = ndimage.label(grid, np.ones((3, 3, 3)))[0][tuple((cells + 6).T)]
    pairs = set(zip(cluster_labels(points, VOXEL_M).tolist(), expected.tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
