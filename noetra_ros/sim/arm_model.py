"""The robot arm as a MuJoCo model, built from the profile's own URDF: one description for all uses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from xml.etree import ElementTree

import mujoco
import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.mesh_files import mesh_files
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.simulation import FingerBox, SimSettings
from noetra_ros.robots.urdf import read_urdf
from noetra_ros.sim.surfaces import FINGER_FRICTION, JOINT_DAMPING_NMS, PAD_FRICTION

# Collision bits: the arm meets the table and things, never itself (saves time; not judged here).
THING_BIT = 1
ARM_BIT = 2


def arm_spec(profile: RobotProfile) -> mujoco.MjSpec:
    """The arm of a profile, its servos, wrist sensor and finger pads; no surroundings yet.

    Raises:
        ConfigError: the profile names no URDF, a mesh is not there, a joint has no servo, or the hand is on
            no link of the URDF.
    """
    settings = profile.sim or SimSettings("")
    if profile.urdf_path is None:
        raise single_fault(f"robot {profile.name}", "urdf", "nothing", "a URDF", "the arm is built from it")
    spec = mujoco.MjSpec.from_string(_mujoco_urdf(profile.urdf_path))
    boxes = settings.hand.boxes if settings.hand is not None else {}
    _simplify_geoms(spec, {profile.base_frame, *(box.link for box in boxes.values())})
    for name, box in boxes.items():
        _add_finger(spec, profile, name, box)
    _add_servos(spec, profile, settings)
    if settings.hand is not None:
        _add_wrist_sensor(spec, _body(spec, profile, "sim.hand.link", settings.hand.link))
    return spec


def _mujoco_urdf(path: Path) -> str:
    """The URDF with its meshes named absolutely: MuJoCo knows neither package:// nor where it comes from."""
    root = read_urdf(path)
    for mesh, file in mesh_files(root, path):
        mesh.set("filename", str(file))
    mujoco_part = ElementTree.SubElement(root, "mujoco")
    ElementTree.SubElement(mujoco_part, "compiler", discardvisual="false", strippath="false")
    return ElementTree.tostring(root, encoding="unicode")


def _body(spec: mujoco.MjSpec, profile: RobotProfile, key: str, link: str) -> mujoco.MjsBody:
    body = spec.body(link)
    if body is None:
        links = ", ".join(body.name for body in spec.bodies if body.name)
        raise single_fault(f"robot {profile.name}", key, repr(link), f"one of {links}")
    return body


def _simplify_geoms(spec: mujoco.MjSpec, bare_links: Collection[str]) -> None:
    """Keeps meshes for the eye only; boxes fitted to them meet the surroundings.

    Fitted boxes would fill the gap between fingers: `bare_links` have boxes of their own, or none.
    """
    for geom in list(spec.geoms):
        if geom.contype == 0:
            geom.group = 1
            continue
        if geom.parent.name in bare_links:
            spec.delete(geom)
            continue
        if geom.type == mujoco.mjtGeom.mjGEOM_MESH:
            geom.type = mujoco.mjtGeom.mjGEOM_BOX
        geom.contype, geom.conaffinity, geom.group = ARM_BIT, THING_BIT, 3


def _add_finger(spec: mujoco.MjSpec, profile: RobotProfile, name: str, box: FingerBox) -> None:
    _body(spec, profile, f"sim.hand.boxes.{name}.link", box.link).add_geom(
        name=name,
        type=mujoco.mjtGeom.mjGEOM_BOX,
        pos=box.centre_m,
        size=box.half_m,
        quat=[np.cos(box.turn_rad / 2), 0.0, 0.0, np.sin(box.turn_rad / 2)],
        contype=ARM_BIT,
        conaffinity=THING_BIT,
        group=3,
        condim=4 if box.is_pad else 3,
        friction=PAD_FRICTION if box.is_pad else FINGER_FRICTION,
        mass=0.0,
        priority=1 if box.is_pad else 0,
    )


def _add_servos(spec: mujoco.MjSpec, profile: RobotProfile, settings: SimSettings) -> None:
    for name in profile.joint_names:
        if name not in settings.servos:
            expected = "kp, kv, torque_nm and armature_kgm2 of its drive"
            raise single_fault(f"robot {profile.name}", f"sim.servos.{name}", "nothing", expected)
        servo = settings.servos[name]
        joint = spec.joint(name)
        joint.armature = servo.armature_kgm2
        joint.damping[0] = JOINT_DAMPING_NMS
        actuator = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        actuator.gaintype = mujoco.mjtGain.mjGAIN_FIXED
        actuator.biastype = mujoco.mjtBias.mjBIAS_AFFINE
        actuator.gainprm[0] = servo.kp
        actuator.biasprm[:3] = [0.0, -servo.kp, -servo.kv]
        actuator.forcelimited = 1
        actuator.forcerange = [-servo.torque_nm, servo.torque_nm]
        actuator.ctrllimited = 1
        actuator.ctrlrange = joint.range


def _add_wrist_sensor(spec: mujoco.MjSpec, hand: mujoco.MjsBody) -> None:
    """Force and torque between wrist and hand, at the origin of the hand's link."""
    hand.add_site(name="wrist_sensor", pos=[0.0, 0.0, 0.0])
    for name, kind in (("wrist_force", "mjSENS_FORCE"), ("wrist_torque", "mjSENS_TORQUE")):
        spec.add_sensor(
            name=name,
            type=getattr(mujoco.mjtSensor, kind),
            objtype=mujoco.mjtObj.mjOBJ_SITE,
            objname="wrist_sensor",
        )


def joint_of_geoms(model: mujoco.MjModel, joints: Sequence[str]) -> NDArray[np.int_]:
    """(geoms,) index of the robot joint whose link each geom is part of, -1 for all else."""
    carried = {int(model.joint(name).bodyid[0]): k for k, name in enumerate(joints)}
    return np.array([carried.get(int(body), -1) for body in model.geom_bodyid])
