"""Any fixed arms, from their URDF alone: on their mounts in a room, with targets in the air for each tool."""

from __future__ import annotations

import mujoco
import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray, JointState
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.home import way_per_rad
from noetra_ros.sim.joint_coupling import JointCoupling
from noetra_ros.sim.joint_drives import JointDrives
from noetra_ros.sim.mujoco_world import MujocoWorld
from noetra_ros.sim.reach_targets import ReachTargets
from noetra_ros.sim.scene import CUBES, ObjectTruth, SceneTruth
from noetra_ros.sim.scenes.stand import PHYSICS_STEP_S, draw_targets, mount_names, tool_marks
from noetra_ros.sim.stand_model import carried_geoms, stand_spec
from noetra_ros.sim.variation import sample_variation
from noetra_ros.sim.world import WORLDS, PhysicsState, home_positions

NO_BOWL_M = np.full(3, np.nan)


@WORLDS.register("stand")
class Stand(MujocoWorld):
    """Implements `World` for arms of any number of joints. Nobody walks here, and nothing can be gripped.

    Args:
        profile: an arm with a URDF, a workspace that names the tool link, and a channel of joints.
    """

    object_names: tuple[str, ...] = CUBES

    def __init__(self, profile: RobotProfile) -> None:
        super().__init__(profile, stand_spec(profile).compile(), PHYSICS_STEP_S)
        self.state_names = profile.joint_names
        self._joints = JointCoupling(self._model, profile)
        self._qpos, self._qvel = self._joints.qpos, self._joints.dofs
        self._carried = carried_geoms(self._model, profile)
        self._mocap = [int(self._model.body(name).mocapid[0]) for name in self.object_names]
        self._tools = [int(self._model.geom(name).id) for name in tool_marks(profile)]
        self._home = np.array(list(home_positions(profile).values()))
        self._way_per_rad = way_per_rad(profile)
        self._places = ReachTargets(profile, self._home)
        period_steps = max(1, round(1.0 / profile.channel().rate_hz / self.step_s))
        self._drives = JointDrives(self._model, self._data, self._joints, period_steps)
        self.reset(0)

    def reset(self, seed: int, variation: str = "none", person: str = "") -> None:
        """Starts an episode: targets by the seed; light, shades, cameras and posture by the variation.

        Raises:
            ConfigError: a person is asked for; or the targets find no room.
        """
        if person:
            raise single_fault("world stand", "person", repr(person), "nobody (empty): nobody walks here")
        rng = np.random.default_rng(seed)
        places_m = draw_targets(self._places, rng)
        drawn = sample_variation(variation, rng, tuple(self.profile.cameras), len(self.state_names))
        mujoco.mj_resetData(self._model, self._data)
        for mocap, place_m in zip(self._mocap, places_m, strict=True):
            self._data.mocap_pos[mocap] = place_m
        model = self._model
        for name in self.object_names:
            model.geom(name).rgba[:3] = drawn.colours[name]
        for name in mount_names(self.profile):
            model.geom(name).rgba[:3] = drawn.colours["table"]
        for name in ("floor", "room_floor"):
            model.geom(name).rgba[:3] = drawn.colours["floor"]
        model.light_dir[0], model.light_diffuse[0] = drawn.light_direction, drawn.light_rgb
        model.light_ambient[0] = drawn.ambient_rgb
        self._eyes.jitter(drawn)
        limits = np.array([(j.lower_rad, j.upper_rad) for j in self.profile.joints.values()])
        start = self._home + self._way_per_rad * drawn.joint_offsets_rad
        self._drives.place(np.clip(start, *limits.T))
        self._episode_steps = 0
        self._started = self._data.mocap_pos[self._mocap].copy()

    def set_joint_targets(self, positions_rad: FloatArray) -> None:
        """Setpoints of the joint drives, (n,) rad or m, profile order.

        Raises:
            ValueError: wrong size, NaN or infinity: a real drive would refuse it, too.
        """
        self._drives.set_target(positions_rad)

    def _advance(self) -> None:
        mujoco.mj_step1(self._model, self._data)
        self._drives.apply()
        mujoco.mj_step2(self._model, self._data)

    def joint_state(self) -> JointState:
        """Measured joints; see `World.joint_state`."""
        data = self._data
        positions, velocities = data.qpos[self._qpos].copy(), data.qvel[self._qvel].copy()
        return JointState(self.time_ns, self.state_names, positions, velocities, data.actuator_force.copy())

    def truth(self) -> SceneTruth:
        """The scene as tasks judge it; a bowl is not there (NaN)."""
        places_m = self._data.mocap_pos[self._mocap]
        quat = np.array([1.0, 0.0, 0.0, 0.0])
        objects = {
            name: ObjectTruth(place.copy(), quat, start.copy())
            for name, place, start in zip(self.object_names, places_m, self._started, strict=True)
        }
        tools_m = self._data.geom_xpos[self._tools].copy()
        last = float(self._data.qpos[self._qpos[-1]])
        return SceneTruth(self.time_ns * 1e-9, objects, NO_BOWL_M, tools_m[0], last, tools_m[1:])

    def physics_state(self) -> PhysicsState:
        """The newest physics step."""
        data = self._data
        touched = data.contact.geom[: data.ncon].ravel()
        return PhysicsState(
            time_s=self.time_ns * 1e-9,
            positions=data.qpos[self._qpos].copy(),
            velocities=data.qvel[self._qvel].copy(),
            targets=self._drives.told,
            is_touching=self._carried[:, touched].any(axis=1),
        )

    def object_poses(self) -> FloatArray:
        """(k, 7) poses of the targets."""
        places_m = self._data.mocap_pos[self._mocap]
        return np.hstack([places_m, np.tile([1.0, 0.0, 0.0, 0.0], (len(places_m), 1))])

    def show(self, positions: FloatArray, objects: FloatArray, episode_s: float = -1.0) -> None:
        """Poses arm and targets for a picture; the time is not used, nobody walks here."""
        self._joints.place(self._data, positions)
        self._data.mocap_pos[self._mocap] = objects[:, :3]
        mujoco.mj_kinematics(self._model, self._data)
