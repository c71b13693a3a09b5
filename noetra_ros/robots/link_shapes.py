"""The points that span each link's collision shapes, read from the URDF by pinocchio and coal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import coal
import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.urdf_shapes import urdf_shapes

# A circle of this many corners, widened so that it holds the true circle.
CIRCLE_CORNERS = 24


@dataclass(frozen=True)
class LinkHull:
    """Convex hull of one collision shape.

    Attributes:
        link: that it is part of.
        shape: its corners in the link's frame, m.
        farthest_m: distance of its farthest point from the link's origin.
    """

    link: str
    shape: coal.Convex
    farthest_m: float


def link_vertices(urdf: Path) -> dict[str, FloatArray]:
    """Points whose convex hull holds each link's collision shapes.

    Args:
        urdf: the file; where its meshes are looked for: `mesh_folders`.

    Returns:
        (k, 3) metres by link, in the link's frame; links without a shape are left out.

    Raises:
        ConfigError: a mesh that cannot be read, or a shape without an end (plane, half space).
    """
    vertices: dict[str, list[FloatArray]] = {}
    for link, points_m in _placed_points(urdf):
        vertices.setdefault(link, []).append(points_m)
    return {link: np.vstack(parts) for link, parts in vertices.items()}


def link_hulls(urdf: Path) -> tuple[LinkHull, ...]:
    """A hull for each collision shape: nearer to the truth than one for each link. As `link_vertices`."""
    return tuple(_hull(link, points_m) for link, points_m in _placed_points(urdf))


def _hull(link: str, points_m: FloatArray) -> LinkHull:
    corners = coal.StdVec_Vec3s()
    for point_m in points_m:
        corners.append(point_m)
    farthest_m = float(np.linalg.norm(points_m, axis=1).max())
    return LinkHull(link, coal.Convex.convexHull(corners, True, "Qt"), farthest_m)


def _placed_points(urdf: Path) -> Iterator[tuple[str, FloatArray]]:
    """(link, (k, 3) m in its frame) of each collision shape."""
    for shape in urdf_shapes(urdf, "collision"):
        yield shape.link, shape.placed(shape_points(shape.geometry, str(urdf), shape.name))


def shape_points(shape: coal.CollisionGeometry, source: str, name: str) -> FloatArray:
    """(k, 3) points whose convex hull holds one shape, in the shape's frame."""
    if isinstance(shape, coal.BVHModelBase):
        return np.array(shape.vertices(), dtype=np.float64)
    if isinstance(shape, coal.ConvexBase):
        return np.array([shape.point(i) for i in range(shape.num_points)], dtype=np.float64)
    if isinstance(shape, coal.Sphere):
        return _box(np.full(3, shape.radius))
    if isinstance(shape, coal.Box):
        return _box(np.asarray(shape.halfSide))
    if isinstance(shape, (coal.Cylinder, coal.Cone)):
        return _prism(shape.radius, shape.halfLength)
    if isinstance(shape, coal.Capsule):
        return _prism(shape.radius, shape.halfLength + shape.radius)
    raise single_fault(source, name, type(shape).__name__, "a mesh, box, sphere, cylinder, capsule or cone")


def _box(half_m: FloatArray) -> FloatArray:
    return np.array(list(product((-1.0, 1.0), repeat=3))) * half_m


def _prism(radius_m: float, half_length_m: float) -> FloatArray:
    angles = 2.0 * np.pi * np.arange(CIRCLE_CORNERS) / CIRCLE_CORNERS
    wide_m = radius_m / np.cos(np.pi / CIRCLE_CORNERS)
    ring = np.stack([wide_m * np.cos(angles), wide_m * np.sin(angles)], axis=1)
    ends = [np.hstack([ring, np.full((CIRCLE_CORNERS, 1), z)]) for z in (-half_length_m, half_length_m)]
    return np.vstack(ends)
