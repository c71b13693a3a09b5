"""Points on the surface of the robot's body, where its kinematics puts them: what a depth camera must see."""

from __future__ import annotations

import coal
import numpy as np
import pinocchio
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.joint_order import JointOrder
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.triangles import mesh_triangles
from noetra_ros.robots.urdf_shapes import urdf_shapes

POINTS_PER_M2 = 60_000.0  # one on 16 mm2: several for each pixel of a 160x120 camera at 1 m
SEED = 7


class LinkSurfaces:
    """Points drawn once from the meshes of the URDF, and carried along by forward kinematics.

    Args:
        profile: the robot; joints of the URDF that it does not name stay at zero.
        points_per_m2: density on the meshes.

    Raises:
        ConfigError: the profile has no URDF, or the URDF no meshes.
    """

    def __init__(self, profile: RobotProfile, points_per_m2: float = POINTS_PER_M2) -> None:
        if profile.urdf_path is None:
            raise single_fault(f"robot {profile.name}", "urdf", "nothing", "a URDF with meshes of the links")
        self._model = pinocchio.buildModelFromUrdf(str(profile.urdf_path))
        self._data = self._model.createData()
        self._frames, self._points = _sampled(self._model, profile, points_per_m2)
        self._base = self._model.getFrameId(profile.base_frame, pinocchio.FrameType.BODY)
        joints = [self._model.joints[self._model.getJointId(name)] for name in profile.joint_names]
        if any(joint.nq != 1 for joint in joints):
            raise single_fault(f"robot {profile.name}", "urdf", "a continuous joint", "joints with limits")
        self._order = JointOrder(self._model, profile.joint_names, profile.urdf_path)

    @property
    def links(self) -> tuple[str, ...]:
        """Links that have a surface."""
        return tuple(self._model.frames[frame].name for frame in self._frames)

    def points(self, positions: FloatArray) -> NDArray[np.float32]:
        """(N, 3) points on the whole body, m, base frame.

        Args:
            positions: (n,) rad or m, profile order.
        """
        configuration = self._order.configuration(positions)
        pinocchio.framesForwardKinematics(self._model, self._data, configuration)
        base_from_world = self._data.oMf[self._base].inverse()
        moved = [
            _placed(base_from_world * self._data.oMf[frame], points)
            for frame, points in zip(self._frames, self._points, strict=True)
        ]
        return np.concatenate(moved)


def _sampled(
    model: pinocchio.Model, profile: RobotProfile, points_per_m2: float
) -> tuple[list[int], list[NDArray[np.float32]]]:
    """Frames that have meshes, and points on each in its frame."""
    path = profile.urdf_path
    assert path is not None, "checked by the caller"
    random = np.random.default_rng(SEED)
    found: dict[int, list[NDArray[np.float32]]] = {}
    for shape in urdf_shapes(path, "visual"):
        if not isinstance(shape.geometry, coal.BVHModelBase):
            continue  # a box or cylinder of the URDF: coarse stand-ins, not the surface that is seen
        points = _draw(*mesh_triangles(shape.geometry), points_per_m2, random)
        frame = model.getFrameId(shape.link, pinocchio.FrameType.BODY)
        found.setdefault(frame, []).append(_placed(shape.link_from_shape, points))
    if not found:
        raise single_fault(str(path), "visual", "no mesh", "meshes of the links")
    return list(found), [np.concatenate(parts) for parts in found.values()]


def _draw(
    vertices: FloatArray, corners: NDArray[np.int32], points_per_m2: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Points spread evenly over triangles, each triangle getting its share of the area."""
    first, second, third = (vertices[corners[:, i]] for i in range(3))
    areas = 0.5 * np.linalg.norm(np.cross(second - first, third - first), axis=1)
    count = max(1, round(float(areas.sum()) * points_per_m2))
    chosen = random.choice(len(areas), size=count, p=areas / areas.sum())
    u, v = random.random((2, count, 1))
    u, v = np.where(u + v > 1.0, 1.0 - u, u), np.where(u + v > 1.0, 1.0 - v, v)
    points = first[chosen] + u * (second - first)[chosen] + v * (third - first)[chosen]
    return np.asarray(points, dtype=np.float32)


def _placed(placement: pinocchio.SE3, points: NDArray[np.float32]) -> NDArray[np.float32]:
    rotation, translation = placement.rotation.astype(np.float32), placement.translation.astype(np.float32)
    placed: NDArray[np.float32] = points @ rotation.T + translation
    return placed
