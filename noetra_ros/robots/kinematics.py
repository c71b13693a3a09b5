"""Forward kinematics of the tool link from the profile's URDF (pinocchio)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pinocchio

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.chain_jacobians import ChainJacobians
from noetra_ros.robots.chain_reach import chain_bend, chain_reach
from noetra_ros.robots.joint_order import JointOrder
from noetra_ros.robots.profile import RobotProfile, WorkspaceBox


class ToolKinematics:
    """Where one link is, for joint positions given in the caller's order.

    Args:
        urdf: the URDF file.
        joint_names: names in the order of every `positions` argument; URDF joints not named stay at zero.
        tool_link: link whose origin is the tool centre point.
        base_link: link in whose frame results are given.

    Raises:
        ConfigError: joints or links that the URDF lacks.
    """

    def __init__(self, urdf: Path, joint_names: Sequence[str], tool_link: str, base_link: str) -> None:
        self._model = pinocchio.buildModelFromUrdf(str(urdf))
        faults = _name_faults(self._model, joint_names, tool_link, base_link)
        if faults:
            raise ConfigError(str(urdf), faults)
        self.joint_count = len(joint_names)
        self._data = self._model.createData()
        self._tool = self._model.getFrameId(tool_link, pinocchio.FrameType.BODY)
        self._base = self._model.getFrameId(base_link, pinocchio.FrameType.BODY)
        self._order = JointOrder(self._model, joint_names, urdf)
        pinocchio.forwardKinematics(self._model, self._data, pinocchio.neutral(self._model))
        pinocchio.updateFramePlacements(self._model, self._data)
        # The base link is fixed to the world of the URDF: read once.
        self._base_from_world = self._data.oMf[self._base].inverse()
        self._base_rotation = self._base_from_world.rotation.copy()
        self._base_translation_m = self._base_from_world.translation.copy()
        self._chain = ChainJacobians(
            self._model, self._tool, np.array(self._base_from_world.homogeneous), self._order
        )

    @property
    def tool_reach_m(self) -> FloatArray:
        """(n,) the farthest that the tool goes per unit of each joint, whatever the posture."""
        reach = chain_reach(self._model, self._tool, 0.0, list(self._order.velocities_at))
        return self._order.folded_most(reach)

    @property
    def tool_bend_m(self) -> FloatArray:
        """(n, n) the most that a unit of one joint changes how far a unit of another one moves the tool."""
        bend = chain_bend(self._model, self._tool, list(self._order.velocities_at))
        return self._order.folded_most(self._order.folded_most(bend).T)

    def tool_position(self, positions: FloatArray) -> FloatArray:
        """Tool centre point.

        Args:
            positions: (n,) rad or m, in the order of `joint_names`.

        Returns:
            (3,) metres, base frame.
        """
        pinocchio.forwardKinematics(self._model, self._data, self._order.configuration(positions))
        placement = pinocchio.updateFramePlacement(self._model, self._data, self._tool)
        point: FloatArray = self._base_rotation @ placement.translation + self._base_translation_m
        return point

    def tool_pose(self, positions: FloatArray) -> FloatArray:
        """base_from_tool.

        Args:
            positions: (n,) rad or m, in the order of `joint_names`.

        Returns:
            (4, 4) homogeneous transform, metres, base frame.
        """
        pinocchio.forwardKinematics(self._model, self._data, self._order.configuration(positions))
        placement = pinocchio.updateFramePlacement(self._model, self._data, self._tool)
        return np.array((self._base_from_world * placement).homogeneous)

    def tool_jacobian(self, positions: FloatArray) -> FloatArray:
        """How the tool moves with the joints, axes of the base frame.

        Args:
            positions: (n,) rad or m, in the order of `joint_names`.

        Returns:
            (6, n): rows 0-2 linear (m/s per rad/s), rows 3-5 angular (rad/s per rad/s).
        """
        jacobian = self._order.folded(self._jacobian(positions)[:, self._order.velocities_at])
        return np.concatenate([self._base_rotation @ jacobian[:3], self._base_rotation @ jacobian[3:]])

    def tool_linear_jacobian(self, positions: FloatArray) -> FloatArray:
        """(3, n) the linear rows of `tool_jacobian` alone, in half the time."""
        jacobian = self._order.folded(self._jacobian(positions)[:3, self._order.velocities_at])
        return np.asarray(self._base_rotation @ jacobian)

    def tool_linear_jacobians(self, positions: FloatArray) -> FloatArray:
        """(k, 3, n) those of (k, n) positions, in less time than one by one where they are many."""
        return self._chain(positions)

    def _jacobian(self, positions: FloatArray) -> FloatArray:
        """(6, nv) axes of the world, order of the model."""
        posture = self._order.configuration(positions)
        jacobian: FloatArray = pinocchio.computeFrameJacobian(
            self._model, self._data, posture, self._tool, pinocchio.LOCAL_WORLD_ALIGNED
        )
        return jacobian


def tool_kinematics(profile: RobotProfile) -> ToolKinematics:
    """Kinematics of the profile's tool, joints in profile order, base frame of its workspace box.

    Raises:
        ConfigError: the profile has no URDF or no workspace (which names the tool link).
    """
    faults = []
    if profile.urdf_path is None:
        faults.append(Fault("urdf", "nothing", "a URDF file", "kinematics need one"))
    if profile.workspace is None:
        faults.append(Fault("workspace", "nothing", "a box with frame and tool_link"))
    if profile.urdf_path is None or profile.workspace is None:
        raise ConfigError(f"robot {profile.name}", faults)
    return _boxed(profile.urdf_path, profile.joint_names, profile.workspace)


class BoxedTool(NamedTuple):
    """A tool, and where it may be.

    Attributes:
        kinematics: joints in profile order, frame of the box.
        box: it.
    """

    kinematics: ToolKinematics
    box: WorkspaceBox


def further_tools(profile: RobotProfile) -> tuple[BoxedTool, ...]:
    """The tools beside that of `tool_kinematics`, as of a second arm.

    Raises:
        ConfigError: no URDF; links that it lacks.
    """
    if profile.urdf_path is None and profile.further_tools:
        raise single_fault(f"robot {profile.name}", "urdf", "nothing", "a URDF file", "kinematics need one")
    return tuple(
        BoxedTool(_boxed(profile.urdf_path, profile.joint_names, box), box)
        for box in profile.further_tools.values()
        if profile.urdf_path is not None
    )


def _boxed(urdf: Path, joint_names: Sequence[str], box: WorkspaceBox) -> ToolKinematics:
    return ToolKinematics(urdf, joint_names, box.tool_link, box.frame)


def _name_faults(
    model: pinocchio.Model, joint_names: Sequence[str], tool_link: str, base_link: str
) -> list[Fault]:
    """Joints and links that the model lacks."""
    known_joints = list(model.names)[1:]
    faults = [
        Fault(f"joints.{name}", "a joint that the URDF lacks", f"one of {', '.join(known_joints)}")
        for name in joint_names
        if name not in known_joints
    ]
    links = [frame.name for frame in model.frames if frame.type == pinocchio.FrameType.BODY]
    for key, link in (("tool_link", tool_link), ("frame", base_link)):
        if link not in links:
            faults.append(Fault(f"workspace.{key}", repr(link), f"one of {', '.join(links)}"))
    return faults
