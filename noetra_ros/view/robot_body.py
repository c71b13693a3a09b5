"""The robot as its URDF draws it: meshes by link, and where each link is for given joint positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import coal
import numpy as np
import pinocchio
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.joint_order import JointOrder
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.triangles import convex_triangles, mesh_triangles
from noetra_ros.robots.urdf import read_urdf_joints
from noetra_ros.robots.urdf_shapes import UrdfShape, urdf_shapes

BALL_POINTS = 400
RING_POINTS = 32


@dataclass(frozen=True)
class DrawnMesh:
    """One visual shape of the URDF.

    Attributes:
        link: that carries it.
        vertices_m: (n, 3) in the frame of the link.
        faces: (m, 3) corners.
        colour: r, g, b, 0..255, as the URDF says.
    """

    link: str
    vertices_m: NDArray[np.float32]
    faces: NDArray[np.uint32]
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class LinkPose:
    """Where a link is, base frame."""

    position_m: FloatArray
    quat_wxyz: FloatArray


class RobotBody:
    """Meshes and forward kinematics of every link that has one.

    Args:
        profile: of a robot with a URDF.

    Raises:
        ConfigError: no URDF, or a mesh that cannot be read.
    """

    def __init__(self, profile: RobotProfile) -> None:
        path = profile.urdf_path
        if path is None:
            raise single_fault(f"robot {profile.name}", "urdf", "nothing", "a URDF with meshes of the links")
        self._model = pinocchio.buildModelFromUrdf(str(path))
        self._data = self._model.createData()
        self._joints = tuple(joint.name for joint in read_urdf_joints(path).values() if not joint.mimics)
        self._order = JointOrder(self._model, self._joints, path)
        self._base = self._model.getFrameId(profile.base_frame, pinocchio.FrameType.BODY)
        meshes = (_mesh(shape) for shape in urdf_shapes(path, "visual"))
        self.meshes = tuple(mesh for mesh in meshes if len(mesh.faces) > 0)
        self._frames = {
            mesh.link: self._model.getFrameId(mesh.link, pinocchio.FrameType.BODY) for mesh in self.meshes
        }
        self.tool_links = tuple(box.tool_link for box in profile.tool_boxes)
        self._frames |= {
            tool: self._model.getFrameId(tool, pinocchio.FrameType.BODY) for tool in self.tool_links
        }

    def poses(self, joints: Mapping[str, float]) -> dict[str, LinkPose]:
        """Pose of each link, base frame.

        Args:
            joints: rad or m by name; joints that are not named stay at zero.
        """
        positions = np.array([joints.get(name, 0.0) for name in self._joints])
        pinocchio.framesForwardKinematics(self._model, self._data, self._order.configuration(positions))
        base_from_world = self._data.oMf[self._base].inverse()
        return {link: _pose(base_from_world * self._data.oMf[frame]) for link, frame in self._frames.items()}


def _pose(base_from_link: pinocchio.SE3) -> LinkPose:
    x, y, z, w = pinocchio.Quaternion(base_from_link.rotation).coeffs()
    return LinkPose(np.array(base_from_link.translation), np.array([w, x, y, z]))


def _mesh(shape: UrdfShape) -> DrawnMesh:
    vertices, faces = _triangles(shape.geometry)
    red, green, blue = (round(255 * part) for part in shape.rgb)
    placed = shape.placed(vertices).astype(np.float32)
    return DrawnMesh(shape.link, placed, faces.astype(np.uint32), (red, green, blue))


def _triangles(shape: Any) -> tuple[FloatArray, NDArray[np.int32]]:
    """(n, 3) corners and (m, 3) triangles of a mesh, or of a plain body of the URDF."""
    if isinstance(shape, coal.BVHModelBase):
        return mesh_triangles(shape)
    points_m = _surface_points(shape)
    return points_m, convex_triangles(points_m)


def _surface_points(shape: Any) -> FloatArray:
    """(n, 3) m, points whose hull is the body."""
    if isinstance(shape, coal.Box):
        return np.array(list(product((-1.0, 1.0), repeat=3))) * np.asarray(shape.halfSide)
    if isinstance(shape, coal.Cylinder):
        return np.vstack([_ring(shape.radius, z) for z in (-shape.halfLength, shape.halfLength)])
    if isinstance(shape, coal.Capsule):
        return capsule_points(shape.radius, 2.0 * shape.halfLength)
    if isinstance(shape, coal.Sphere):
        return capsule_points(shape.radius, 0.0)
    raise single_fault("URDF", "visual", type(shape).__name__, "a mesh, box, cylinder, capsule or sphere")


def capsule_points(radius_m: float, length_m: float) -> FloatArray:
    """(n, 3) points on a capsule along z around the origin; a length of 0 is a sphere."""
    rank = np.arange(BALL_POINTS) + 0.5
    height, turn = 1.0 - 2.0 * rank / BALL_POINTS, np.pi * (1.0 + 5.0**0.5) * rank  # Fibonacci lattice
    wide = np.sqrt(1.0 - height**2)
    ball = radius_m * np.stack([wide * np.cos(turn), wide * np.sin(turn), height], axis=1)
    ball[:, 2] += np.where(height > 0.0, 0.5, -0.5) * length_m
    return ball


def box_points(edges_m: FloatArray) -> FloatArray:
    """(8, 3) corners of a box around the origin."""
    return np.array(list(product((-0.5, 0.5), repeat=3))) * edges_m


def _ring(radius_m: float, z_m: float) -> FloatArray:
    turn = np.linspace(0.0, 2.0 * np.pi, RING_POINTS, endpoint=False)
    return np.stack([radius_m * np.cos(turn), radius_m * np.sin(turn), np.full(RING_POINTS, z_m)], axis=1)
