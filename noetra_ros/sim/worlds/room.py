"""A differential-drive base with a laser scanner in a walled room with boxes and marks to drive to."""

from __future__ import annotations

import dataclasses

import mujoco
import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray, JointState
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.base_drive import BaseDrive
from noetra_ros.sim.chassis_model import chassis_of, chassis_spec
from noetra_ros.sim.eyes import add_cameras
from noetra_ros.sim.mujoco_scene import furnish
from noetra_ros.sim.mujoco_world import MujocoWorld
from noetra_ros.sim.scanner import Scanner
from noetra_ros.sim.scene import ObjectTruth, SceneTruth
from noetra_ros.sim.scenes.room import BOXES, MARKS, room, sample_boxes, sample_marks
from noetra_ros.sim.tasks.drive import BASE
from noetra_ros.sim.variation import sample_variation
from noetra_ros.sim.world import WORLDS, Odometry, PhysicsState, Scan

NOWHERE_M = np.full(3, np.nan)


@WORLDS.register("room")
class Room(MujocoWorld):
    """Implements `World` for a base: it moves in the plane, its wheels' slip and bounce are not simulated.

    Args:
        profile: a base with a `base_twist` channel.
    """

    state_names: tuple[str, ...] = ("vx", "wz")
    object_names: tuple[str, ...] = (BASE, *BOXES, *MARKS)

    def __init__(self, profile: RobotProfile) -> None:
        if profile.base is None:
            raise single_fault(
                f"robot {profile.name}", "base", "nothing", "limits of the base", "the world room has one"
            )
        scene = room(None)
        spec = chassis_spec(profile)
        furnish(spec, scene)
        add_cameras(spec, profile)
        super().__init__(profile, spec.compile(), scene.step_s)
        self._scanner = Scanner(self._model, self._data, chassis_of(profile))
        self._drive = BaseDrive(profile.base, profile.channel(), self.step_s, chassis_of(profile))
        self._chassis = int(self._model.body(profile.base_frame).id)
        self._object_ids = [self._chassis, *(self._model.body(name).id for name in (*BOXES, *MARKS))]
        self._mark_ids = [int(self._model.body(name).mocapid[0]) for name in MARKS]
        self.reset(0)

    def reset(self, seed: int, variation: str = "none", person: str = "") -> None:
        """Starts an episode: places of boxes and marks come from the seed, the light from the variation.

        Raises:
            ConfigError: a person is asked for; nobody walks here.
        """
        if person:
            expected = "nobody (empty): people are simulated at the table"
            raise single_fault("world room", "person", repr(person), expected)
        self._episode_steps = 0
        rng = np.random.default_rng(seed)
        boxes = sample_boxes(rng)
        drawn = sample_variation(variation, rng, tuple(self.profile.cameras))
        mujoco.mj_resetData(self._model, self._data)
        for name, pose in boxes.items():
            self._data.joint(name).qpos[:] = pose
        for mark, pose in zip(self._mark_ids, sample_marks(seed, boxes).values(), strict=True):
            self._data.mocap_pos[mark] = pose[:3]
        self._model.light_dir[0] = drawn.light_direction
        self._model.light_diffuse[0] = drawn.light_rgb
        self._eyes.jitter(drawn)
        self._drive.reset()
        mujoco.mj_forward(self._model, self._data)
        self.mark_start()

    def mark_start(self) -> None:
        """See `World.mark_start`."""
        self._started = self._data.xpos[self._object_ids].copy()

    def _advance(self) -> None:
        yaw = float(self._data.qpos[2])
        self._data.ctrl[:] = self._drive.forces(yaw, self._data.qvel[:3])
        super()._advance()

    def set_twist(self, linear_mps: float, angular_radps: float) -> None:
        """Setpoint of the base: forward speed m/s and turning speed rad/s.

        Raises:
            ValueError: NaN or infinity: a real drive would refuse it, too.
        """
        self._drive.set_twist(linear_mps, angular_radps)

    def joint_state(self) -> JointState:
        """Empty: the wheels are not simulated apart."""
        nothing = np.zeros(0)
        return JointState(self.time_ns, (), nothing, nothing.copy(), nothing.copy())

    def odometry(self) -> Odometry:
        """Pose and speed, without drift."""
        forward, turning = self._body_twist()
        return Odometry(self._data.qpos[:2].copy(), float(self._data.qpos[2]), forward, turning)

    def _body_twist(self) -> tuple[float, float]:
        yaw = self._data.qpos[2]
        vx, vy, wz = self._data.qvel[:3]
        return float(np.cos(yaw) * vx + np.sin(yaw) * vy), float(wz)

    def scan(self) -> Scan:
        """A sweep of the scanner at this instant."""
        return self._scanner.sweep()

    def truth(self) -> SceneTruth:
        """The scene as tasks judge it: base, boxes and marks; hand and bowl are not there (NaN)."""
        data, ids = self._data, self._object_ids
        rows = zip(self.object_names, data.xpos[ids], data.xquat[ids], self._started, strict=True)
        objects = {name: ObjectTruth(at.copy(), quat.copy(), start) for name, at, quat, start in rows}
        speed_mps = float(np.hypot(*data.qvel[:2]))
        objects[BASE] = dataclasses.replace(objects[BASE], speed_mps=speed_mps)
        return SceneTruth(self.time_ns * 1e-9, objects, NOWHERE_M, NOWHERE_M, float("nan"))

    def physics_state(self) -> PhysicsState:
        """The newest physics step."""
        touched = self._data.contact.geom[: self._data.ncon].ravel()
        is_touching = bool((self._model.geom_bodyid[touched] == self._chassis).any())
        return PhysicsState(
            time_s=self.time_ns * 1e-9,
            positions=np.full(2, np.nan),
            velocities=np.array(self._body_twist()),
            targets=self._drive.told.copy(),
            is_touching=np.full(2, is_touching),
        )

    def object_poses(self) -> FloatArray:
        """(k, 7) poses of base, boxes and marks."""
        return np.hstack([self._data.xpos[self._object_ids], self._data.xquat[self._object_ids]])

    def show(self, positions: FloatArray, objects: FloatArray, episode_s: float = -1.0) -> None:
        """Poses base, boxes and marks for a picture; `positions` of a base and the time are not used."""
        x, y, _, w, _, _, z = objects[0]
        self._data.qpos[:3] = [x, y, 2 * np.arctan2(z, w)]
        for name, pose in zip(BOXES, objects[1 : 1 + len(BOXES)], strict=True):
            self._data.joint(name).qpos[:] = pose
        self._data.mocap_pos[self._mark_ids] = objects[1 + len(BOXES) :, :3]
        mujoco.mj_kinematics(self._model, self._data)
