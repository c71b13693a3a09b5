"""The body of any robot as triangles, link by link: collision shapes, or what is drawn where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import coal
import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.link_shapes import shape_points
from noetra_ros.robots.triangles import convex_triangles, mesh_triangles
from noetra_ros.robots.urdf import read_urdf
from noetra_ros.robots.urdf_shapes import UrdfShape, urdf_shapes

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
    solid = _meshes(urdf, "collision")
    have = {mesh.link for mesh in solid}
    drawn = _meshes(urdf, "visual") if _lacks_solids(urdf) else []
    return (*solid, *(mesh for mesh in drawn if mesh.link not in have))


def _lacks_solids(urdf: Path) -> bool:
    links = read_urdf(urdf).findall("link")
    return any(link.find("collision") is None and link.find("visual") is not None for link in links)


def _meshes(urdf: Path, part: str) -> list[LinkMesh]:
    return [mesh for shape in urdf_shapes(urdf, part) if (mesh := _mesh(shape, str(urdf))) is not None]


def _mesh(shape: UrdfShape, source: str) -> LinkMesh | None:
    """None: the shape is flat."""
    points_m = shape.placed(shape_points(shape.geometry, source, shape.name))
    hull = convex_triangles(points_m)
    if len(hull) == 0:
        return None
    if isinstance(shape.geometry, coal.BVHModelBase) and shape.geometry.num_tris <= FACES_MAX:
        return LinkMesh(shape.link, points_m, mesh_triangles(shape.geometry)[1])
    corners, faces = np.unique(hull, return_inverse=True)
    return LinkMesh(shape.link, points_m[corners], faces.reshape(hull.shape).astype(np.int32))
