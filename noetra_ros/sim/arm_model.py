"""The robot arm as a MuJoCo model, built from the profile's own URDF: one description for all uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import RobotProfile

# Collision bits: the arm meets the table and things, never itself (saves time; not judged here).
THING_BIT = 1
ARM_BIT = 2

# Fitted boxes would fill the gap between the fingers, so these links get boxes of their own.
FINGER_LINKS = ("gripper_link", "moving_jaw_so101_v1_link")


@dataclass(frozen=True)
class Servo:
    """Position servo of one joint: torque = kp (setpoint - q) - kv qd, limited.

    The numbers are not measured on a motor: they give a crisp, critically damped joint whose sag under the
    arm's own weight stays below 0.01 rad. The torque limit is the STS3215's stall torque (30 kg cm at 12 V).

    Attributes:
        kp: Nm/rad.
        kv: Nms/rad.
        torque_nm: largest torque.
        armature_kgm2: rotor inertia seen at the joint.
    """

    kp: float
    kv: float
    torque_nm: float
    armature_kgm2: float


ARM_SERVO = Servo(kp=400.0, kv=11.0, torque_nm=2.94, armature_kgm2=0.028)
WRIST_SERVO = Servo(kp=300.0, kv=6.5, torque_nm=2.94, armature_kgm2=0.028)
GRIPPER_SERVO = Servo(kp=40.0, kv=1.4, torque_nm=0.9, armature_kgm2=0.010)
SERVOS = {
    "shoulder_pan": ARM_SERVO,
    "shoulder_lift": ARM_SERVO,
    "elbow_flex": ARM_SERVO,
    "wrist_flex": WRIST_SERVO,
    "wrist_roll": WRIST_SERVO,
    "gripper": GRIPPER_SERVO,
}


@dataclass(frozen=True)
class PadBox:
    """A finger's collision box in its link's frame: centre, half sizes, turn about the jaw's axis."""

    name: str
    link: str
    centre_m: tuple[float, float, float]
    half_m: tuple[float, float, float]
    turn_rad: float = 0.0
    is_pad: bool = False


# Read off the meshes: the moving pad is parallel to the fixed one when it holds a 28 mm cube (0.14 rad).
FINGER_BOXES = (
    PadBox("fixed_pad", "gripper_link", (-0.0135, 0.0, -0.0955), (0.0050, 0.0070, 0.0090), is_pad=True),
    PadBox("fixed_finger", "gripper_link", (-0.0225, 0.0, -0.0660), (0.0085, 0.0090, 0.0200)),
    PadBox("gripper_body", "gripper_link", (-0.0100, 0.0, -0.0250), (0.0250, 0.0230, 0.0200)),
    PadBox(
        "moving_pad",
        "moving_jaw_so101_v1_link",
        (-0.0060, -0.0710, 0.0189),
        (0.0042, 0.0090, 0.0070),
        -0.14,
        True,
    ),
    PadBox("moving_finger", "moving_jaw_so101_v1_link", (-0.0010, -0.0400, 0.0189), (0.0065, 0.0220, 0.0085)),
)


def arm_spec(profile: RobotProfile) -> mujoco.MjSpec:
    """The arm of a profile, its servos, wrist sensor and finger pads; no surroundings yet.

    Raises:
        ConfigError: the profile names no URDF, or a joint has no servo here.
    """
    if profile.urdf_path is None:
        raise single_fault(f"robot {profile.name}", "urdf", "nothing", "a URDF", "the arm is built from it")
    meshes = profile.urdf_path.parent / "meshes"
    compiler = f'<mujoco><compiler meshdir="{meshes}" discardvisual="false" strippath="true"/></mujoco>'
    text = profile.urdf_path.read_text(encoding="utf-8")
    spec = mujoco.MjSpec.from_string(text.replace("</robot>", f"{compiler}</robot>"))
    _simplify_geoms(spec)
    _add_fingers(spec)
    _add_servos(spec, profile)
    _add_wrist_sensor(spec)
    return spec


def _simplify_geoms(spec: mujoco.MjSpec) -> None:
    """Keeps meshes for the eye only; boxes fitted to them meet the surroundings."""
    for geom in list(spec.geoms):
        if geom.contype == 0:
            geom.group = 1
            continue
        link = geom.parent.name
        if link in FINGER_LINKS or link == "base_link":
            spec.delete(geom)
            continue
        geom.type = mujoco.mjtGeom.mjGEOM_BOX
        geom.contype, geom.conaffinity, geom.group = ARM_BIT, THING_BIT, 3


def _add_fingers(spec: mujoco.MjSpec) -> None:
    for box in FINGER_BOXES:
        spec.body(box.link).add_geom(
            name=box.name,
            type=mujoco.mjtGeom.mjGEOM_BOX,
            pos=box.centre_m,
            size=box.half_m,
            quat=[np.cos(box.turn_rad / 2), 0.0, 0.0, np.sin(box.turn_rad / 2)],
            contype=ARM_BIT,
            conaffinity=THING_BIT,
            group=3,
            condim=4 if box.is_pad else 3,
            friction=[0.6, 0.02, 0.0002] if box.is_pad else [0.4, 0.005, 0.0001],
            mass=0.0,
            priority=1 if box.is_pad else 0,
        )


def _add_servos(spec: mujoco.MjSpec, profile: RobotProfile) -> None:
    for name in profile.joint_names:
        if name not in SERVOS:
            raise single_fault(
                f"robot {profile.name}", f"joints.{name}", "no servo", f"one of {', '.join(SERVOS)}"
            )
        servo = SERVOS[name]
        joint = spec.joint(name)
        joint.armature = servo.armature_kgm2
        joint.damping[0] = 0.05
        actuator = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        actuator.gaintype = mujoco.mjtGain.mjGAIN_FIXED
        actuator.biastype = mujoco.mjtBias.mjBIAS_AFFINE
        actuator.gainprm[0] = servo.kp
        actuator.biasprm[:3] = [0.0, -servo.kp, -servo.kv]
        actuator.forcelimited = 1
        actuator.forcerange = [-servo.torque_nm, servo.torque_nm]
        actuator.ctrllimited = 1
        actuator.ctrlrange = joint.range


def _add_wrist_sensor(spec: mujoco.MjSpec) -> None:
    """Force and torque between wrist and gripper, at the gripper link's origin."""
    spec.body("gripper_link").add_site(name="wrist_sensor", pos=[0.0, 0.0, 0.0])
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
