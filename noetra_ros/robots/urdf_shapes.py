"""The shapes that a URDF gives its links, read by pinocchio and coal, each where it lies on its link."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import coal
import pinocchio

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.mesh_files import mesh_files
from noetra_ros.robots.urdf import read_urdf

KINDS = {"visual": pinocchio.GeometryType.VISUAL, "collision": pinocchio.GeometryType.COLLISION}


@dataclass(frozen=True)
class UrdfShape:
    """One shape.

    Attributes:
        link: that carries it.
        name: unique among the shapes.
        geometry: a mesh or a plain body, in its own frame, m.
        link_from_shape: where it is.
        rgb: colour, 0..1.
    """

    link: str
    name: str
    geometry: coal.CollisionGeometry
    link_from_shape: pinocchio.SE3
    rgb: tuple[float, float, float]

    def placed(self, points_m: FloatArray) -> FloatArray:
        """Points (n, 3) m of the shape's frame in the link's frame."""
        moved: FloatArray = points_m @ self.link_from_shape.rotation.T + self.link_from_shape.translation
        return moved


def urdf_shapes(urdf: Path, part: str) -> tuple[UrdfShape, ...]:
    """Every shape of a kind.

    Args:
        urdf: the file; where its meshes are looked for: `mesh_folders`.
        part: ``visual`` or ``collision``.

    Raises:
        ConfigError: not a URDF, or a mesh that is not there or cannot be read.
    """
    root = read_urdf(urdf)
    for mesh, path in mesh_files(root, urdf, (part,)):
        mesh.set("filename", str(path))
    text = ElementTree.tostring(root, encoding="unicode")
    model, shapes = pinocchio.buildModelFromUrdf(str(urdf)), pinocchio.GeometryModel()
    try:
        pinocchio.buildGeomFromUrdfString(model, text, KINDS[part], shapes)
    except (ValueError, RuntimeError) as error:
        raise single_fault(str(urdf), part, str(error), "readable meshes") from error
    return tuple(_shape(model, shape) for shape in shapes.geometryObjects)


def _shape(model: pinocchio.Model, shape: pinocchio.GeometryObject) -> UrdfShape:
    link = model.frames[shape.parentFrame]
    red, green, blue = (float(part) for part in shape.meshColor[:3])
    place = link.placement.inverse() * shape.placement
    return UrdfShape(link.name, shape.name, shape.geometry, place, (red, green, blue))
