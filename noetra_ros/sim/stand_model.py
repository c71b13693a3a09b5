"""Any arms of a URDF as a MuJoCo model: links on mounts in a room, motors at joints, targets to reach."""

from __future__ import annotations

from xml.etree import ElementTree

import mujoco
import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.robots.link_meshes import link_meshes
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.urdf import read_urdf, read_urdf_joints
from noetra_ros.sim.arm_model import ARM_BIT, THING_BIT
from noetra_ros.sim.eyes import add_cameras
from noetra_ros.sim.joint_coupling import couple, coupled_joints
from noetra_ros.sim.least_inertia import LEAST_INERTIA_KGM2, LEAST_MASS_KG
from noetra_ros.sim.mujoco_scene import furnish
from noetra_ros.sim.scenes.stand import stand

# The arm meets the room, never itself: what would touch itself is the supervisor's to judge, not physics'.
ROOM_BIT, BODY_BIT = THING_BIT, ARM_BIT
ROTOR_KGM2 = 0.01  # so that links without inertia, which many URDFs have, can be driven
ARM_RGBA = ((0.82, 0.83, 0.85, 1.0), (0.55, 0.58, 0.62, 1.0))  # every other link, so that one sees the joints
# What MuJoCo takes of a URDF here; meshes are added by ourselves: it reads neither package:// nor DAE.
TAKEN = {"link": {"inertial"}, "joint": {"origin", "parent", "child", "axis", "limit"}}


def stand_spec(profile: RobotProfile) -> mujoco.MjSpec:
    """The whole scene of a profile.

    Raises:
        ConfigError: no URDF or workspace, a movable joint that the profile lacks, a mesh that cannot be read.
    """
    if profile.urdf_path is None or profile.workspace is None:
        key = "urdf" if profile.urdf_path is None else "workspace"
        raise single_fault(
            f"robot {profile.name}", key, "nothing", "a URDF and a workspace with the tool link"
        )
    spec = arm_spec(profile)
    furnish(spec, stand(None, profile))
    add_cameras(spec, profile)
    return spec


def arm_spec(profile: RobotProfile) -> mujoco.MjSpec:
    """Links with their shapes and motors at the joints; the root link is the world itself.

    Raises:
        ConfigError: as `stand_spec`; the caller has looked for URDF and workspace.
    """
    _require_all_joints(profile)
    spec = mujoco.MjSpec.from_string(_bare_urdf(profile))
    _add_body(spec, profile)
    _add_motors(spec, profile)
    for joint in coupled_joints(profile):
        couple(spec, joint)
    return spec


def _require_all_joints(profile: RobotProfile) -> None:
    assert profile.urdf_path is not None, "checked by the caller"
    known = {*profile.joints, *(joint.name for joint in coupled_joints(profile))}
    lacking = [name for name in read_urdf_joints(profile.urdf_path) if name not in known]
    if lacking:
        remedy = "every movable joint of the URDF is simulated; make those that do not move fixed there"
        faults = [Fault(f"joints.{name}", "nothing", "limits of the joint", remedy) for name in lacking]
        raise ConfigError(f"robot {profile.name}", faults)


def _bare_urdf(profile: RobotProfile) -> str:
    """Links with their inertias and joints, nothing else."""
    assert profile.urdf_path is not None, "checked by the caller"
    result = ElementTree.Element("robot", name=profile.name)
    for element in read_urdf(profile.urdf_path):
        if element.tag not in TAKEN:
            continue
        bare = ElementTree.SubElement(result, element.tag, dict(element.items()))
        bare.extend(part for part in element if part.tag in TAKEN[element.tag])
    mujoco_part = ElementTree.SubElement(result, "mujoco")
    ElementTree.SubElement(
        mujoco_part,
        "compiler",
        fusestatic="false",
        discardvisual="false",
        balanceinertia="true",
        boundmass=str(LEAST_MASS_KG),
        boundinertia=str(LEAST_INERTIA_KGM2),
    )
    return ElementTree.tostring(result, encoding="unicode")


def _link(spec: mujoco.MjSpec, name: str) -> mujoco.MjsBody:
    """The body of a link; the root link is the world itself."""
    return spec.body(name) or spec.worldbody


def _add_body(spec: mujoco.MjSpec, profile: RobotProfile) -> None:
    """Shapes of the links, for the eye and for touch."""
    assert profile.urdf_path is not None, "checked by the caller"
    links: list[str] = []
    for number, mesh in enumerate(link_meshes(profile.urdf_path)):
        links += [] if mesh.link in links else [mesh.link]
        name = f"{mesh.link}_{number}"
        spec.add_mesh(
            name=name,
            uservert=mesh.vertices_m.ravel().tolist(),
            userface=mesh.faces.ravel().tolist(),
            inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL,
        )
        _link(spec, mesh.link).add_geom(
            name=name,
            type=mujoco.mjtGeom.mjGEOM_MESH,
            meshname=name,
            contype=BODY_BIT,
            conaffinity=ROOM_BIT,
            mass=0.0,
            rgba=ARM_RGBA[links.index(mesh.link) % 2],
        )


def _add_motors(spec: mujoco.MjSpec, profile: RobotProfile) -> None:
    """A motor at each joint, as strong as the URDF says. Its drive is `JointDrives`."""
    assert profile.urdf_path is not None, "checked by the caller"
    limits = read_urdf_joints(profile.urdf_path)
    for name in profile.joint_names:
        joint = spec.joint(name)
        joint.armature = ROTOR_KGM2
        joint.damping[0] = joint.frictionloss = 0.0
        motor = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        motor.gainprm[0] = 1.0
        effort = limits[name].effort_nm
        if np.isfinite(effort) and effort > 0.0:
            motor.forcelimited = 1
            motor.forcerange = [-effort, effort]


def carried_geoms(model: mujoco.MjModel, profile: RobotProfile) -> NDArray[np.bool_]:
    """(joints, geoms) true where a joint carries the geom: its own link, those that a mechanism takes along,
    and all links beyond.
    """
    joints = profile.joint_names
    carried = np.zeros((len(joints), model.ngeom), dtype=bool)
    bodies = {int(model.joint(name).bodyid[0]): k for k, name in enumerate(joints)}
    for joint in coupled_joints(profile):
        bodies[int(model.joint(joint.name).bodyid[0])] = joints.index(joint.mimics)
    for geom in range(model.ngeom):
        body = int(model.geom_bodyid[geom])
        while body != 0:
            if body in bodies:
                carried[bodies[body], geom] = True
            body = int(model.body_parentid[body])
    return carried
