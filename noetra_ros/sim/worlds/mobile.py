"""An arm on a driving base in the walled room: marks on the floor to drive to, targets in the air."""

from __future__ import annotations

import dataclasses

import mujoco
import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import CommandKind, FloatArray, JointState
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.arm_on_base import as_arm, channel_of
from noetra_ros.sim.base_drive import BaseDrive
from noetra_ros.sim.chassis_model import chassis_of
from noetra_ros.sim.joint_coupling import JointCoupling
from noetra_ros.sim.joint_drives import JointDrives
from noetra_ros.sim.mobile_model import BASE_MOTORS, mobile_spec
from noetra_ros.sim.mujoco_world import MujocoWorld
from noetra_ros.sim.scanner import Scanner
from noetra_ros.sim.scene import CUBES, ObjectTruth, SceneTruth
from noetra_ros.sim.scenes.mobile import draw, places_of
from noetra_ros.sim.scenes.room import BOXES, MARKS, PHYSICS_STEP_S
from noetra_ros.sim.scenes.stand import tool_marks
from noetra_ros.sim.stand_model import carried_geoms
from noetra_ros.sim.tasks.drive import BASE
from noetra_ros.sim.world import WORLDS, Odometry, PhysicsState, Scan, home_positions

BASE_AXES = ("vx", "wz")
STILL = (*MARKS, *CUBES)  # that nothing pushes


@WORLDS.register("mobile")
class Mobile(MujocoWorld):
    """Implements `World` for an arm on a base. The base moves in the plane; nothing can be gripped.

    Args:
        profile: URDF, workspace, base and chassis; a `base_twist` channel and one of joints.
    """

    object_names: tuple[str, ...] = (BASE, *BOXES, *STILL)

    def __init__(self, profile: RobotProfile) -> None:
        super().__init__(profile, mobile_spec(profile).compile(), PHYSICS_STEP_S)
        self.state_names = (*profile.joint_names, *BASE_AXES)
        model, data = self._model, self._data
        self._joints = JointCoupling(model, profile)
        self._qpos, self._qvel = self._joints.qpos, self._joints.dofs
        self._home = np.array(list(home_positions(profile).values()))
        on_base = np.isin(model.geom_bodyid, _carried_bodies(model, profile.base_frame))
        self._carried = np.vstack([carried_geoms(model, profile), on_base, on_base])
        arm, base = as_arm(profile).channel(), profile.channel(channel_of(profile, CommandKind.BASE_TWIST))
        periods = max(1, round(1.0 / arm.rate_hz / self.step_s))
        motors = slice(0, -BASE_MOTORS)
        self._arm = JointDrives(model, data, self._joints, periods, motors)
        chassis = chassis_of(profile)
        self._chassis = int(model.body(profile.base_frame).id)
        driven = dataclasses.replace(chassis, mass_kg=float(model.body_subtreemass[self._chassis]))
        assert profile.base is not None, "mobile_spec asks for it"
        self._drive = BaseDrive(profile.base, base, self.step_s, driven)
        self._scanner = Scanner(model, data, chassis)
        others = [model.body(name).id for name in self.object_names[1:]]
        self._object_ids = [self._chassis, *others]
        self._mocap = [int(model.body(name).mocapid[0]) for name in STILL]
        self._tool = int(model.geom(tool_marks(profile)[0]).id)
        self._places = places_of(profile)
        self.reset(0)

    def reset(self, seed: int, variation: str = "none", person: str = "") -> None:
        """Starts an episode: boxes, marks and targets by the seed, light and cameras by the variation. The
        targets hang where the arm reaches them before the base has moved.

        Raises:
            ConfigError: a person is asked for; or the targets find no room.
        """
        if person:
            raise single_fault("world mobile", "person", repr(person), "nobody (empty): nobody walks here")
        drawn = draw(self.profile, self._places, seed, variation)
        mujoco.mj_resetData(self._model, self._data)
        for name, pose in drawn.boxes.items():
            self._data.joint(name).qpos[:] = pose
        places_m = [*(pose[:3] for pose in drawn.marks.values()), *drawn.targets_m]
        for mocap, place_m in zip(self._mocap, places_m, strict=True):
            self._data.mocap_pos[mocap] = place_m
        looks = drawn.variation
        for name in CUBES:
            self._model.geom(name).rgba[:3] = looks.colours[name]
        self._model.light_dir[0], self._model.light_diffuse[0] = looks.light_direction, looks.light_rgb
        self._eyes.jitter(looks)
        self._drive.reset()
        self._arm.place(self._home)
        self._episode_steps = 0
        self.mark_start()

    def mark_start(self) -> None:
        """See `World.mark_start`."""
        self._started = self._data.xpos[self._object_ids].copy()

    def set_joint_targets(self, positions_rad: FloatArray) -> None:
        """Setpoints of the joint drives, (n,) rad, profile order.

        Raises:
            ValueError: wrong size, NaN or infinity: a real drive would refuse it, too.
        """
        self._arm.set_target(positions_rad)

    def set_twist(self, linear_mps: float, angular_radps: float) -> None:
        """Setpoint of the base: forward speed m/s and turning speed rad/s.

        Raises:
            ValueError: NaN or infinity.
        """
        self._drive.set_twist(linear_mps, angular_radps)

    def _advance(self) -> None:
        data = self._data
        mujoco.mj_step1(self._model, data)
        self._arm.apply()
        data.ctrl[-BASE_MOTORS:] = self._drive.forces(float(data.qpos[2]), data.qvel[:3])
        mujoco.mj_step2(self._model, data)

    def joint_state(self) -> JointState:
        """Measured joints of the arm."""
        data, names = self._data, self.profile.joint_names
        positions, velocities = data.qpos[self._qpos].copy(), data.qvel[self._qvel].copy()
        return JointState(
            self.time_ns, names, positions, velocities, data.actuator_force[:-BASE_MOTORS].copy()
        )

    def odometry(self) -> Odometry:
        """Pose and speed, without drift."""
        forward, turning = self._body_twist()
        return Odometry(self._data.qpos[:2].copy(), float(self._data.qpos[2]), forward, turning)

    def _body_twist(self) -> tuple[float, float]:
        yaw, (vx, vy, wz) = self._data.qpos[2], self._data.qvel[:3]
        return float(np.cos(yaw) * vx + np.sin(yaw) * vy), float(wz)

    def scan(self) -> Scan:
        """A sweep of the scanner at this instant."""
        return self._scanner.sweep()

    def truth(self) -> SceneTruth:
        """The scene as tasks judge it; a bowl is not there (NaN)."""
        data, ids = self._data, self._object_ids
        rows = zip(self.object_names, data.xpos[ids], data.xquat[ids], self._started, strict=True)
        objects = {name: ObjectTruth(at.copy(), quat.copy(), start) for name, at, quat, start in rows}
        objects[BASE] = dataclasses.replace(objects[BASE], speed_mps=float(np.hypot(*data.qvel[:2])))
        tool_m, last = data.geom_xpos[self._tool].copy(), float(data.qpos[self._qpos[-1]])
        return SceneTruth(self.time_ns * 1e-9, objects, np.full(3, np.nan), tool_m, last)

    def physics_state(self) -> PhysicsState:
        """The newest physics step: the joints, then the base."""
        data = self._data
        touched = data.contact.geom[: data.ncon].ravel()
        return PhysicsState(
            time_s=self.time_ns * 1e-9,
            positions=np.array([*data.qpos[self._qpos], np.nan, np.nan]),
            velocities=np.array([*data.qvel[self._qvel], *self._body_twist()]),
            targets=np.array([*self._arm.told, *self._drive.told]),
            is_touching=self._carried[:, touched].any(axis=1),
        )

    def object_poses(self) -> FloatArray:
        """(k, 7) poses of base, boxes, marks and targets."""
        return np.hstack([self._data.xpos[self._object_ids], self._data.xquat[self._object_ids]])

    def show(self, positions: FloatArray, objects: FloatArray, episode_s: float = -1.0) -> None:
        """Poses robot and things for a picture; the time is not used.

        Args:
            positions: (d,) of a trace, or the joints alone.
            objects: (k, 7) of a trace.
            episode_s: not used.
        """
        x, y, _, w, _, _, z = objects[0]
        self._data.qpos[:3] = [x, y, 2 * np.arctan2(z, w)]
        self._joints.place(self._data, positions[: len(self._qpos)])
        for name, pose in zip(BOXES, objects[1 : 1 + len(BOXES)], strict=True):
            self._data.joint(name).qpos[:] = pose
        self._data.mocap_pos[self._mocap] = objects[1 + len(BOXES) :, :3]
        mujoco.mj_kinematics(self._model, self._data)


def _carried_bodies(model: mujoco.MjModel, base: str) -> list[int]:
    """The base's body and all that stands on it."""
    root = int(model.body(base).id)
    found = [root]
    for body in range(root + 1, model.nbody):  # parents come before their children
        if int(model.body_parentid[body]) in found:
            found.append(body)
    return found
