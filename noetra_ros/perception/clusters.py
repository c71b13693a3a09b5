"""Points that belong together: voxels that touch, found by look-ups in the sorted list of occupied voxels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from noetra_ros.perception.frames import Points

Indices = NDArray[np.int64]
# 13 of the 26 neighbours of a voxel; the others see it from their side.
HALF_NEIGHBOURS = [
    (x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1) if (x, y, z) > (0, 0, 0)
]


def cluster_labels(points_base: Points, voxel_m: float) -> Indices:
    """Numbers of clusters: points whose voxels touch, by face, edge or corner, share a number.

    Two points less than one voxel apart are always in one cluster; two groups with two voxels of emptiness
    between them never are.

    Args:
        points_base: (N, 3) m.
        voxel_m: edge of a voxel.

    Returns:
        (N,) int64, 0 .. clusters - 1.
    """
    if len(points_base) == 0:
        return np.zeros(0, dtype=np.int64)
    keys, steps = voxel_keys(points_base, voxel_m)
    occupied, voxel_of_point = np.unique(keys, return_inverse=True)
    pairs = [_pairs(occupied, int(np.dot(offset, steps))) for offset in HALF_NEIGHBOURS]
    first, second = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(len(occupied),) * 2)
    labels = connected_components(graph, directed=False)[1]
    found: Indices = labels[voxel_of_point].astype(np.int64)
    return found


def voxel_keys(points_base: Points, voxel_m: float) -> tuple[Indices, Indices]:
    """One integer for each point's voxel.

    Returns:
        keys: (N,) int64.
        steps: (3,) by how much a key grows with one voxel in x, y, z.
    """
    cells = [np.floor(column * np.float32(1.0 / voxel_m)).astype(np.int64) for column in points_base.T]
    x, y, z = (column - column.min() for column in cells)
    # A gap, so that the end of one row does not touch the start of the next.
    size_y, size_z = int(y.max()) + 3, int(z.max()) + 3
    steps = np.array([size_y * size_z, size_z, 1], dtype=np.int64)
    return x * steps[0] + y * steps[1] + z, steps


def _pairs(occupied: Indices, step: int) -> NDArray[np.intp]:
    """(2, pairs) indices of occupied voxels that lie `step` apart."""
    at = np.searchsorted(occupied, occupied + step)
    is_pair = np.take(occupied, at, mode="clip") == occupied + step
    first = np.flatnonzero(is_pair)
    return np.stack([first, at[first]])
