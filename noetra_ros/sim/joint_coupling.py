"""Joints that a mechanism couples to a driven one (mimic joints of a URDF), as the fingers of a gripper."""

from __future__ import annotations

import mujoco
import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.urdf import UrdfJoint, followers, read_urdf_joints

# As stiff as MuJoCo stays stable with: two physics steps to mend an error, next to nothing given way.
STIFF_SOLREF = (0.004, 1.0)
STIFF_SOLIMP = (0.999, 0.9999, 0.001, 0.5, 2.0)


def coupled_joints(profile: RobotProfile) -> tuple[UrdfJoint, ...]:
    """Joints of the URDF that joints of the profile take along."""
    assert profile.urdf_path is not None, "checked by the caller"
    return followers(read_urdf_joints(profile.urdf_path), profile.joint_names)


def couple(spec: mujoco.MjSpec, joint: UrdfJoint) -> None:
    """Holds a joint where the mechanism puts it. The range of the driven one bounds both."""
    spec.joint(joint.name).limited = mujoco.mjtLimited.mjLIMITED_FALSE
    equality = spec.add_equality(
        name=f"{joint.name}_mechanism",
        type=mujoco.mjtEq.mjEQ_JOINT,
        objtype=mujoco.mjtObj.mjOBJ_JOINT,
        name1=joint.name,
        name2=joint.mimics,
        solref=list(STIFF_SOLREF),
        solimp=list(STIFF_SOLIMP),
    )
    equality.data[:5] = [joint.offset, joint.ratio, 0.0, 0.0, 0.0]


class JointCoupling:
    """All joints of a robot from those that are driven.

    Args:
        model: compiled, with every joint.
        profile: its joints are driven; what they take along is coupled to them.

    Attributes:
        qpos: (n) where the position of each driven joint stands, profile order.
        dofs: (n) where its velocity stands.
        motion: (n, nv) speed of every degree of freedom per speed of a driven joint.
    """

    def __init__(self, model: mujoco.MjModel, profile: RobotProfile) -> None:
        driven = [model.joint(name) for name in profile.joint_names]
        self.qpos = np.array([joint.qposadr[0] for joint in driven])
        self.dofs = np.array([joint.dofadr[0] for joint in driven])
        self.motion = np.zeros((len(driven), model.nv))
        self.motion[np.arange(len(driven)), self.dofs] = 1.0
        self._coupled = coupled_joints(profile)
        self._leaders = [profile.joint_names.index(joint.mimics) for joint in self._coupled]
        joints = [model.joint(joint.name) for joint in self._coupled]
        self._coupled_qpos = [int(joint.qposadr[0]) for joint in joints]
        for leader, joint, told in zip(self._leaders, joints, self._coupled, strict=True):
            self.motion[leader, joint.dofadr[0]] = told.ratio

    def place(self, data: mujoco.MjData, positions: FloatArray) -> None:
        """Puts the robot into a posture, (n,) rad or m, profile order."""
        data.qpos[self.qpos] = positions
        for leader, at, told in zip(self._leaders, self._coupled_qpos, self._coupled, strict=True):
            data.qpos[at] = told.ratio * positions[leader] + told.offset
