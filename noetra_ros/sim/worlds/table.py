"""An arm at a table with three cubes, a bowl and two distractors."""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray, JointState
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.arm_model import ARM_BIT, arm_spec, joint_of_geoms
from noetra_ros.sim.eyes import add_cameras
from noetra_ros.sim.labels import Labels, instance_of_geoms, with_hanging_hands
from noetra_ros.sim.layout import Layout, sample_layout
from noetra_ros.sim.mujoco_scene import furnish
from noetra_ros.sim.mujoco_world import MujocoWorld
from noetra_ros.sim.person_body import PersonBody
from noetra_ros.sim.person_visits import KINDS
from noetra_ros.sim.person_watch import PersonWatch
from noetra_ros.sim.scene import CUBES, DISTRACTORS, ObjectTruth, SceneTruth
from noetra_ros.sim.scenes.table import SLIDING_FRICTION, poses_of, table
from noetra_ros.sim.variation import Variation, sample_variation
from noetra_ros.sim.world import WORLDS, PhysicsState, home_positions

SETTLE_STEPS = 150


@WORLDS.register("table")
class Table(MujocoWorld):
    """Implements `World` for an arm at a table.

    The joint drives interpolate linearly between setpoints over one control period, as servo drives do: a
    setpoint is reached one period after it is set.

    Args:
        profile: an arm with a hand.

    Raises:
        ConfigError: the profile has no hand.
    """

    object_names: tuple[str, ...] = (*CUBES, *DISTRACTORS)
    people: tuple[str, ...] = KINDS

    def __init__(self, profile: RobotProfile) -> None:
        if profile.sim is None or profile.sim.hand is None:
            raise single_fault(
                f"robot {profile.name}", "sim.hand", "nothing", "the hand at the end of the arm"
            )
        self._hand, self.state_names = profile.sim.hand, profile.joint_names
        scene = table(None)
        spec = arm_spec(profile)
        furnish(spec, scene)
        add_cameras(spec, profile)
        self._furnish(spec)
        super().__init__(profile, spec.compile(), scene.step_s)
        self._indices()
        self._person = PersonBody(self._model, self._data)
        arm_geoms = np.flatnonzero((self._joint_of_geom >= 0) & (self._model.geom_contype == ARM_BIT))
        self._watch = PersonWatch(self._model, self._data, self._person, arm_geoms)
        self._home = np.array(list(home_positions(profile).values()))
        period_s = 1.0 / profile.channel().rate_hz
        self._period_steps = max(1, round(period_s / self.step_s))
        self.reset(0)

    def _furnish(self, spec: mujoco.MjSpec) -> None:
        """What else stands around the arm: nothing, here."""

    def _indices(self) -> None:
        """Looks up once where everything is in MuJoCo's arrays."""
        model = self._model
        joints = [model.joint(name) for name in self.profile.joint_names]
        self._qpos = np.array([j.qposadr[0] for j in joints])
        self._qvel = np.array([j.dofadr[0] for j in joints])
        self._thing_qpos = {n: int(model.joint(n).qposadr[0]) for n in self.object_names}
        self._thing_qvel = {n: int(model.joint(n).dofadr[0]) for n in self.object_names}
        self._object_rows = np.array([np.arange(a, a + 7) for a in self._thing_qpos.values()])
        self._geoms_of = {
            n: np.flatnonzero(model.geom_bodyid == model.body(n).id) for n in (*self.object_names, "bowl")
        }
        self._geoms_of["table"] = np.array([model.geom(n).id for n in ("table", "table_top")])
        self._geoms_of["floor"] = np.array([model.geom("floor").id])
        self._gripper = model.body(self._hand.link).id
        self._gripper_joint = -1 if not self._hand.joint else self.state_names.index(self._hand.joint)
        self._joint_of_geom = joint_of_geoms(model, self.state_names)
        self._instance_of_geom = instance_of_geoms(model)
        self._force = int(model.sensor("wrist_force").adr[0])

    def reset(self, seed: int, variation: str = "none", person: str = "") -> None:
        """Starts an episode; see `World.reset`. Cameras that the policy does not use stay where they are."""
        self._person.reset(seed, person)
        self._watch.reset()
        rng = np.random.default_rng(seed)
        self.layout: Layout = sample_layout(rng)
        names = self.profile.cameras_for("policy")
        self.variation: Variation = sample_variation(variation, rng, names, len(self.state_names))
        mujoco.mj_resetData(self._model, self._data)
        self._dress()
        self._place()
        for _ in range(SETTLE_STEPS):
            mujoco.mj_step(self._model, self._data)
        mujoco.mj_forward(self._model, self._data)
        self._episode_steps = 0
        self.mark_start()

    def mark_start(self) -> None:
        """Takes the things' places now as where they started: for the next sentence without a reset."""
        self._started = {n: self._data.qpos[a : a + 3].copy() for n, a in self._thing_qpos.items()}

    def _dress(self) -> None:
        """Puts the drawn colours, light, camera poses and friction into the model."""
        model, drawn = self._model, self.variation
        for name, rgb in drawn.colours.items():
            for geom in self._geoms_of[name]:
                model.geom_rgba[geom, :3] = rgb
        for name in (*self.object_names, "table"):
            model.geom(name).friction[0] = SLIDING_FRICTION * drawn.friction_gain
        model.light_dir[0] = drawn.light_direction
        model.light_diffuse[0] = drawn.light_rgb
        model.light_ambient[0] = drawn.ambient_rgb
        self._eyes.jitter(drawn)

    def _place(self) -> None:
        """Puts the arm and the things where the episode starts."""
        data = self._data
        limits = [(j.lower_rad, j.upper_rad) for j in self.profile.joints.values()]
        start = np.clip(self._home + self.variation.joint_offsets_rad, *np.array(limits).T)
        data.qpos[self._qpos] = start
        data.ctrl[:] = start
        self._from, self._target, self._progress = start.copy(), start.copy(), self._period_steps
        self._told = np.full(len(start), np.nan)
        poses = poses_of(self.layout)
        for name, address in self._thing_qpos.items():
            data.qpos[address : address + 3] = poses[name].position_m
            data.qpos[address + 3 : address + 7] = poses[name].quat_wxyz
        data.mocap_pos[0] = poses["bowl"].position_m

    def set_joint_targets(self, positions_rad: FloatArray) -> None:
        """Setpoints of the joint servos, (n,) rad, profile order.

        Raises:
            ValueError: wrong size, NaN or infinity: a real drive would refuse it, too.
        """
        values = np.asarray(positions_rad, dtype=float)
        if values.shape != self._target.shape or not np.isfinite(values).all():
            raise ValueError(f"joint targets {values}: expected {len(self._target)} finite numbers, rad")
        self._from, self._target, self._progress = self._data.ctrl.copy(), values.copy(), 0
        self._told = values.copy()

    def _advance(self) -> None:
        if self._progress < self._period_steps:
            self._progress += 1
            share = self._progress / self._period_steps
            self._data.ctrl[:] = self._from + share * (self._target - self._from)
        self._person.move_to_step(self._episode_steps)
        super()._advance()

    def _note_step(self) -> None:
        self._watch.take_step(self.time_ns * 1e-9)

    def joint_state(self) -> JointState:
        """Measured joints; see `World.joint_state`."""
        data = self._data
        return JointState(
            self.time_ns,
            self.state_names,
            data.qpos[self._qpos].copy(),
            data.qvel[self._qvel].copy(),
            data.actuator_force.copy(),
        )

    def wrench(self) -> FloatArray:
        """(6,) force N and torque Nm between wrist and gripper, gripper link frame."""
        return np.array(self._data.sensordata[self._force : self._force + 6])

    def render_labels(self, camera: str) -> Labels:
        """What each pixel of a picture shows; see `Labels`."""
        ids = self._instance_of_geom[self._eyes.geoms(camera)]
        return Labels(with_hanging_hands(ids, self._person.reaching_hands()))

    def truth(self) -> SceneTruth:
        """The scene as tasks judge it."""
        data = self._data
        gripper = float(data.qpos[self._qpos[self._gripper_joint]]) if self._hand.joint else 0.0
        rotation = data.xmat[self._gripper].reshape(3, 3)
        return SceneTruth(
            time_s=self.time_ns * 1e-9,
            objects={name: self._object(name) for name in self.object_names},
            bowl_position_m=np.array([*self.layout.bowl_m, 0.0]),
            tool_point_m=data.xpos[self._gripper] + rotation @ self._hand.tool_offset_m(gripper),
            gripper_rad=gripper,
        )

    def _object(self, name: str) -> ObjectTruth:
        a, v = self._thing_qpos[name], self._thing_qvel[name]
        qpos, qvel = self._data.qpos, self._data.qvel
        speed = float(np.linalg.norm(qvel[v : v + 3]))
        return ObjectTruth(
            qpos[a : a + 3].copy(), qpos[a + 3 : a + 7].copy(), self._started[name].copy(), speed
        )

    def physics_state(self) -> PhysicsState:
        """The newest physics step."""
        data = self._data
        return PhysicsState(
            time_s=self.time_ns * 1e-9,
            positions=data.qpos[self._qpos].copy(),
            velocities=data.qvel[self._qvel].copy(),
            targets=self._told.copy(),
            is_touching=self._is_touching(),
        )

    def _is_touching(self) -> NDArray[np.bool_]:
        """For each joint whether its own link or one that it carries touches something.

        The links form a chain, so a touch counts for its joint and all before it; the gripper joint carries
        the moving finger alone.
        """
        pairs = self._data.contact.geom[: self._data.ncon]
        if self._person.is_present:  # a person's touch makes no force
            pairs = pairs[~np.isin(pairs, self._person.geoms).any(axis=1)]
        outermost = int(self._joint_of_geom[pairs].max()) if len(pairs) else -1
        return np.arange(len(self.state_names)) <= outermost

    def person(self) -> PersonWatch | None:
        """The person of this episode; see `World.person`."""
        return self._watch if self._person.path else None

    def object_poses(self) -> FloatArray:
        """(k, 7) poses of the objects."""
        return np.array(self._data.qpos[self._object_rows])

    def show(self, positions: FloatArray, objects: FloatArray, episode_s: float = -1.0) -> None:
        """Poses arm, things and person for a picture; see `World.show`."""
        self._person.move_to_time(episode_s)
        self._data.qpos[self._qpos] = positions
        self._data.qpos[self._object_rows] = objects
        mujoco.mj_kinematics(self._model, self._data)
