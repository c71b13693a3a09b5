"""The robot's body as capsules, one for each link with a shape: where they are, and how their points move."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pinocchio
from numpy.typing import NDArray

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.body_faults import body_faults
from noetra_ros.robots.capsule_fit import Capsule, enclosing_capsule
from noetra_ros.robots.joint_order import JointOrder
from noetra_ros.robots.link_shapes import link_vertices
from noetra_ros.robots.profile import RobotProfile


class LinkCapsules:
    """Capsules that enclose the collision meshes and primitives of the URDF, link by link.

    Args:
        profile: robot with a URDF; its `body` entries replace fitted capsules.

    Raises:
        ConfigError: no URDF; no link with a shape; a link that moves by a joint that the profile lacks (where
            it is would be unknown); entries of `body` or a base frame that the URDF lacks.

    Attributes:
        names: link of each capsule, (n).
        radii_m: (n,) metres.
        is_fixed: (n,) true where no joint of the profile moves the link.
        moving_kg: mass of all links that joints move, by the URDF's inertias.
    """

    def __init__(self, profile: RobotProfile) -> None:
        if profile.urdf_path is None:
            fault = Fault("urdf", "nothing", "a URDF file", "the capsules of the links come from it")
            raise ConfigError(f"robot {profile.name}", [fault])
        self._model = pinocchio.buildModelFromUrdf(str(profile.urdf_path))
        capsules = {**fitted_capsules(profile.urdf_path), **_overrides(profile)}
        faults = body_faults(profile, self._model, tuple(capsules))
        if faults:
            raise ConfigError(f"robot {profile.name}", faults)
        self._data = self._model.createData()
        self._order = JointOrder(self._model, profile.joint_names, profile.urdf_path)
        self.names = tuple(capsules)
        self.radii_m = np.array([capsule.radius_m for capsule in capsules.values()])
        self._frames = [self._model.getFrameId(name, pinocchio.FrameType.BODY) for name in self.names]
        self._ends_m = np.array([(capsule.start_m, capsule.end_m) for capsule in capsules.values()])
        self._moves = self._moving_joints()
        self.is_fixed = ~self._moves.any(axis=1)
        self.moving_kg = float(sum(inertia.mass for inertia in list(self._model.inertias)[1:]))
        self._base_rotation, self._base_translation_m = self._base(profile.base_frame)

    def segments(self, positions: FloatArray) -> FloatArray:
        """Axes of the capsules.

        Args:
            positions: (j,) rad or m, profile order.

        Returns:
            (n, 2, 3) both ends, metres, base frame.
        """
        configuration = self._order.configuration(positions)
        pinocchio.framesForwardKinematics(self._model, self._data, configuration)
        placements = [self._data.oMf[frame] for frame in self._frames]
        rotations = self._base_rotation @ np.array([placement.rotation for placement in placements])
        origins_m = np.array([placement.translation for placement in placements]) @ self._base_rotation.T
        ends_m: FloatArray = self._ends_m @ rotations.transpose(0, 2, 1)
        ends_m += (origins_m + self._base_translation_m)[:, np.newaxis]
        return ends_m

    def reach_m(self, positions: FloatArray) -> float:
        """Farthest that any capsule comes from the upright axis of the base frame at (j,) positions."""
        ends_m = self.segments(positions)
        return float((np.hypot(ends_m[..., 0], ends_m[..., 1]).max(axis=1) + self.radii_m).max())

    def point_jacobians(self, positions: FloatArray, points: FloatArray) -> FloatArray:
        """How points that are fixed to the links move with the joints.

        Args:
            positions: (j,) rad or m, profile order.
            points: (..., n, 3) metres, base frame; point i moves with link i.

        Returns:
            (..., n, 3, j) m/s per rad/s (or per m/s), axes of the base frame.
        """
        configuration = self._order.configuration(positions)
        columns = pinocchio.computeJointJacobians(self._model, self._data, configuration)
        columns = columns[:, self._order.velocities_at]
        turns = self._base_rotation @ columns[3:]  # (3, j) axes
        slides = self._base_rotation @ columns[:3]  # (3, j) velocity of the point at the world's origin
        arms_m = np.asarray(points, dtype=np.float64) - self._base_translation_m
        # Cross products as one product of matrices: numpy's own is slower by far for so few.
        skew = np.zeros((3, 3, turns.shape[1]))
        (skew[0, 1], skew[0, 2]), (skew[1, 0], skew[1, 2]) = (-turns[2], turns[1]), (turns[2], -turns[0])
        skew[2, 0], skew[2, 1] = -turns[1], turns[0]
        swept = np.tensordot(arms_m, skew, axes=(-1, 1))  # (..., n, 3, j)
        jacobians: FloatArray = (swept + slides) * self._moves[:, np.newaxis, :]
        return self._order.folded(jacobians)

    def _moving_joints(self) -> NDArray[np.bool_]:
        """(n, j + f) true where a joint of the profile, or one that mimics it, moves capsule i."""
        supports = [set(self._model.supports[self._model.frames[f].parentJoint]) for f in self._frames]
        velocities_at = {self._model.joints[joint].idx_v: joint for joint in range(1, self._model.njoints)}
        joints = [velocities_at[column] for column in self._order.velocities_at]
        return np.array([[joint in support for joint in joints] for support in supports], dtype=bool)

    def _base(self, base_frame: str) -> tuple[FloatArray, FloatArray]:
        """base_from_world as rotation (3, 3) and translation (3,); the base is fixed to the URDF's world."""
        pinocchio.framesForwardKinematics(self._model, self._data, pinocchio.neutral(self._model))
        base_from_world = self._data.oMf[
            self._model.getFrameId(base_frame, pinocchio.FrameType.BODY)
        ].inverse()
        return base_from_world.rotation.copy(), base_from_world.translation.copy()


@cache
def fitted_capsules(urdf: Path) -> dict[str, Capsule]:
    """Capsules by link around its collision shapes, in the link's frame; fitted once for each file."""
    return {link: enclosing_capsule(vertices) for link, vertices in link_vertices(urdf).items()}


def _overrides(profile: RobotProfile) -> dict[str, Capsule]:
    return {
        link: Capsule(np.array(capsule.start_m), np.array(capsule.end_m), capsule.radius_m)
        for link, capsule in profile.body.items()
    }
