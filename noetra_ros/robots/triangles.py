"""Triangles: those of a mesh, and those around the convex hull of points."""

from __future__ import annotations

import coal
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from noetra_ros.core.types import FloatArray


def mesh_triangles(mesh: coal.BVHModelBase) -> tuple[FloatArray, NDArray[np.int32]]:
    """(n, 3) m corners and (m, 3) triangles, which name their corners by number."""
    corners = (mesh.tri_indices(i) for i in range(mesh.num_tris))
    faces = np.array([(c[0], c[1], c[2]) for c in corners], dtype=np.int32)
    return np.array(mesh.vertices(), dtype=np.float64), faces


def convex_triangles(points_m: FloatArray) -> NDArray[np.int32]:
    """(m, 3) numbers of the points at the corners of the hull's triangles, counter-clockwise from outside.

    Args:
        points_m: (n, 3). Where they span no volume there is no triangle: (0, 3).
    """
    try:
        hull = ConvexHull(points_m)
    except (QhullError, ValueError):
        return np.zeros((0, 3), dtype=np.int32)
    faces = hull.simplices.astype(np.int32)
    first, second, third = (points_m[faces[:, i]] for i in range(3))
    is_inward = (np.cross(second - first, third - first) * hull.equations[:, :3]).sum(axis=1) < 0.0
    faces[is_inward] = faces[is_inward][:, ::-1]
    return np.asarray(faces)
