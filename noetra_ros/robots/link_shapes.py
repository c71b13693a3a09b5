"""The points that span each link's collision shapes, read from the URDF by pinocchio and coal."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import coal
import numpy as np
import pinocchio

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray

# A circle of this many corners, widened so that it holds the true circle.
CIRCLE_CORNERS = 24


def link_vertices(urdf: Path) -> dict[str, FloatArray]:
    """Points whose convex hull holds each link's collision shapes.

    Args:
        urdf: the file; meshes are named relative to it.

    Returns:
        (k, 3) metres by link, in the link's frame; links without a shape are left out.

    Raises:
        ConfigError: a mesh that cannot be read, or a shape without an end (plane, half space).
    """
    model = pinocchio.buildModelFromUrdf(str(urdf))
    shapes = pinocchio.GeometryModel()
    try:
        pinocchio.buildGeomFromUrdf(
            model, str(urdf), pinocchio.GeometryType.COLLISION, shapes, [str(urdf.parent)]
        )
    except (ValueError, RuntimeError) as error:
        raise single_fault(str(urdf), "collision", str(error), "readable meshes") from error
    vertices: dict[str, list[FloatArray]] = {}
    for shape in shapes.geometryObjects:
        link = model.frames[shape.parentFrame]
        link_from_shape = link.placement.inverse() * shape.placement
        points_m = _points(shape.geometry, str(urdf), shape.name)
        placed_m = points_m @ link_from_shape.rotation.T + link_from_shape.translation
        vertices.setdefault(link.name, []).append(placed_m)
    return {link: np.vstack(parts) for link, parts in vertices.items()}


def _points(shape: coal.CollisionGeometry, source: str, name: str) -> FloatArray:
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
