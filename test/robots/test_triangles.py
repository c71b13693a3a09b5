"""Hulls: closed, seen from outside, only the points that are corners; nothing where there is no volume."""

from itertools import product

import coal
import numpy as np
import pytest

from noetra_ros.robots.triangles import convex_triangles, mesh_triangles

CUBE = np.array(list(product((0.0, 2.0), repeat=3)))


def volume(points, faces):
    """Of what the triangles enclose; negative where they are seen from inside."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    return np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0


def test_triangles_are_seen_from_outside():
    faces = convex_triangles(CUBE)
    assert faces.shape == (12, 3)
    assert volume(CUBE, faces) == pytest.approx(8.0)


def test_a_point_inside_is_no_corner():
    faces = convex_triangles(np.vstack([CUBE[:3], [[1.0, 1.0, 1.0]], CUBE[3:]]))
    assert set(faces.ravel()) == {0, 1, 2, 4, 5, 6, 7, 8}


@pytest.mark.parametrize("points", [CUBE[:4], CUBE[:3], np.zeros((8, 3)), np.full((8, 3), np.nan)])
def test_what_has_no_volume_has_no_triangle(points):
    assert convex_triangles(points).shape == (0, 3)


def test_a_mesh_keeps_its_corners_and_triangles():
    mesh = coal.BVHModelOBBRSS()
    mesh.beginModel(2, 4)
    mesh.addVertices(CUBE[:4])
    mesh.addTriangles(np.array([[0, 1, 2], [1, 3, 2]]))
    mesh.endModel()
    vertices, faces = mesh_triangles(mesh)
    assert (vertices.tolist(), faces.tolist()) == (CUBE[:4].tolist(), [[0, 1, 2], [1, 3, 2]])
