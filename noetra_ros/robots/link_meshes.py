"""The body of any robot as triangles, link by link: collision shapes, or what is drawn where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import coal
import numpy as np
import pinocchio
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.link_shapes import shape_points
from noetra_ros.robots.urdf import mesh_folders, read_urdf

# Shapes of more triangles are drawn by their hull: a CPU could not draw them.
FACES_MAX = 3000


@dataclass(frozen=True)
class LinkMesh:
    """One shape.

    Attributes:
        link: that carries it.
        vertices_m: (n, 3) in the frame of the link.
        faces: (m, 3) corners of each triangle.
    """

    link: str
    vertices_m: FloatArray
    faces: NDArray[np.int32]


def link_meshes(urdf: Path) -> tuple[LinkMesh, ...]:
    """Every collision shape of a URDF; of links that have none, what is drawn.

    Raises:
        ConfigError: a mesh that cannot be read, with where it was looked for.
    """
    model = pinocchio.buildModelFromUrdf(str(urdf))
    solid = _meshes(model, urdf, pinocchio.GeometryType.COLLISION)
    have = {mesh.link for mesh in solid}
    drawn = _meshes(model, urdf, pinocchio.GeometryType.VISUAL) if _lacks_solids(urdf) else []
    return (*solid, *(mesh for mesh in drawn if mesh.link not in have))


def _lacks_solids(urdf: Path) -> bool:
    links = read_urdf(urdf).findall("link")
    return any(link.find("collision") is None and link.find("visual") is not None for link in links)


def _meshes(model: pinocchio.Model, urdf: Path, kind: pinocchio.GeometryType) -> list[LinkMesh]:
    shapes = pinocchio.GeometryModel()
    try:
        pinocchio.buildGeomFromUrdf(model, str(urdf), kind, shapes, mesh_folders(urdf))
    except (ValueError, RuntimeError) as error:
        remedy = "put the robot's package into ROS_PACKAGE_PATH, or lay the meshes beside the URDF"
        raise single_fault(str(urdf), "mesh", str(error), "readable meshes", remedy) from error
    return [mesh for shape in shapes.geometryObjects if (mesh := _mesh(model, shape, str(urdf))) is not None]


def _mesh(model: pinocchio.Model, shape: pinocchio.GeometryObject, source: str) -> LinkMesh | None:
    """None: the shape is flat."""
    link = model.frames[shape.parentFrame]
    link_from_shape = link.placement.inverse() * shape.placement
    points_m = shape_points(shape.geometry, source, shape.name)
    placed_m = points_m @ link_from_shape.rotation.T + link_from_shape.translation
    is_mesh = isinstance(shape.geometry, coal.BVHModelBase)
    if is_mesh and shape.geometry.num_tris <= FACES_MAX:
        corners = (shape.geometry.tri_indices(i) for i in range(shape.geometry.num_tris))
        faces = np.array([(c[0], c[1], c[2]) for c in corners], dtype=np.int32)
        return LinkMesh(link.name, placed_m, faces) if _has_volume(placed_m) else None
    return _hull(link.name, placed_m)


def _has_volume(points_m: FloatArray) -> bool:
    return _hull("", points_m) is not None


def _hull(link: str, points_m: FloatArray) -> LinkMesh | None:
    try:
        hull = ConvexHull(points_m)
    except (QhullError, ValueError):
        return None
    number = np.full(len(points_m), -1)
    number[hull.vertices] = np.arange(len(hull.vertices))
    faces = number[hull.simplices]
    corners = points_m[hull.vertices]
    first, second, third = (corners[faces[:, i]] for i in range(3))
    is_inward = (np.cross(second - first, third - first) * hull.equations[:, :3]).sum(axis=1) < 0.0
    faces[is_inward] = faces[is_inward][:, ::-1]
    return LinkMesh(link, corners, faces.astype(np.int32))
