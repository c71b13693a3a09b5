"""The simulated robot as its nodes, demonstrations and tests see it, and the registry of worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.core.registry import Registry
from noetra_ros.core.types import FloatArray, JointState
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.cameras import CameraImage, Intrinsics
from noetra_ros.sim.home import home_positions as home_positions  # worlds take it from here
from noetra_ros.sim.labels import Labels
from noetra_ros.sim.person_watch import PersonWatch
from noetra_ros.sim.scene import SceneTruth


@dataclass(frozen=True)
class Odometry:
    """Pose and speed of a mobile base, odometry frame.

    Attributes:
        position_m: (2,) x, y.
        yaw_rad: heading.
        linear_mps: forward speed, base frame.
        angular_radps: turning speed.
    """

    position_m: FloatArray
    yaw_rad: float
    linear_mps: float
    angular_radps: float


@dataclass(frozen=True)
class Scan:
    """One sweep of a planar laser scanner, its own frame, counter-clockwise.

    Attributes:
        angle_min_rad: direction of the first beam.
        angle_step_rad: between beams.
        range_min_m: nearer echoes are not reported.
        range_max_m: farther ones neither.
        ranges_m: (n,) distance; infinity where nothing was hit.
    """

    angle_min_rad: float
    angle_step_rad: float
    range_min_m: float
    range_max_m: float
    ranges_m: FloatArray


@dataclass(frozen=True)
class PhysicsState:
    """The robot's own motion at one physics step, as the oracle needs it.

    Attributes:
        time_s: simulated time, the clock of the stamps.
        positions: (d,) rad; NaN for a base.
        velocities: (d,) rad/s or m/s; of a base forward and turning, base frame.
        targets: (d,) what the controller was last told; NaN before the first command of the episode.
        is_touching: (d,) bool: the axis' own link or one that it carries touches something.
    """

    time_s: float
    positions: FloatArray
    velocities: FloatArray
    targets: FloatArray
    is_touching: NDArray[np.bool_]


class World(Protocol):
    """A simulated robot and its surroundings. Not thread-safe: build, step and render it on one thread.

    Attributes:
        profile: the robot.
        step_s: length of a physics step.
        object_names: things whose poses are known.
        state_names: axes of the physics state: joints, or `vx` and `wz` of a base.
        people: kinds of persons that `reset` takes; none where people are not simulated.
    """

    profile: RobotProfile
    step_s: float
    object_names: tuple[str, ...]
    state_names: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def time_ns(self) -> int:
        """Simulated time since the world was built; never jumps back, not even at a reset."""

    @property
    def episode_s(self) -> float:
        """Simulated time since the reset."""

    def reset(self, seed: int, variation: str = "none", person: str = "") -> None:
        """Starts an episode: the same seed, variation and person give the same episode, bit for bit.

        Args:
            seed: of layout, variation and person.
            variation: `none`, `train` or `eval`.
            person: kind of a `PersonPath`; empty = nobody. A person changes nothing but themselves.

        Raises:
            ConfigError: unknown variation or kind, or a person where people are not simulated.
        """

    def step(self, count: int = 1) -> None:
        """Runs `count` physics steps of `step_s`."""

    def set_joint_targets(self, positions_rad: FloatArray) -> None:
        """Setpoints of the joint servos, profile order."""

    def set_twist(self, linear_mps: float, angular_radps: float) -> None:
        """Setpoint of a base."""

    def joint_state(self) -> JointState:
        """Measured joints, profile order."""

    def odometry(self) -> Odometry | None:
        """Odometry; None without a base."""

    def scan(self) -> Scan | None:
        """Laser scan; None without a scanner."""

    def wrench(self) -> FloatArray | None:
        """(6,) force N and torque Nm at the wrist, sensor frame; None without a sensor."""

    def render(self, camera: str) -> CameraImage:
        """A picture of one camera of the profile."""

    def displace_camera(self, camera: str, shift_m: FloatArray, turn_rad: FloatArray) -> None:
        """Knocks a camera out of its place; see `Eyes.displace`."""

    def render_labels(self, camera: str) -> Labels:
        """What each pixel of a picture of this camera shows."""

    def intrinsics(self, camera: str) -> Intrinsics:
        """Intrinsics of one camera of the profile."""

    def camera_pose(self, camera: str) -> FloatArray:
        """(4, 4) world_from_optical of one camera, as it is now."""

    def truth(self) -> SceneTruth | None:
        """What tasks and the scripted expert judge by; None in a world without tasks."""

    def mark_start(self) -> None:
        """Takes the objects' places now as where they started: for the next sentence without a reset."""

    def physics_state(self) -> PhysicsState:
        """The newest physics step, for the trace."""

    def person(self) -> PersonWatch | None:
        """The person of this episode, who may be still to come or gone; None where it has nobody."""

    def object_poses(self) -> FloatArray:
        """(k, 7) x, y, z in m and quaternion wxyz of each object, `object_names` order, world frame."""

    def show(self, positions: FloatArray, objects: FloatArray, episode_s: float = -1.0) -> None:
        """Poses robot, objects and person for a picture, without physics.

        Args:
            positions: (d,) of a trace.
            objects: (k, 7) of a trace.
            episode_s: seconds since the reset, for the person that the episode was reset with; before the
                start nobody is there.
        """

    def model_and_data(self) -> tuple[Any, Any]:
        """What MuJoCo's own viewer shows: the MjModel and MjData of this world."""

    def on_step(self, listener: Callable[[], None] | None) -> None:
        """Calls `listener` after every physics step; None ends that."""

    def close(self) -> None:
        """Gives rendering memory back."""


WORLDS: Registry[Callable[[RobotProfile], World]] = Registry("world", "noetra_ros.sim.worlds")


def make_world(profile: RobotProfile) -> World:
    """The world that the profile names under ``sim.world``.

    Raises:
        ConfigError: the profile has no `sim`, or names an unknown world.
    """
    if profile.sim is None:
        raise single_fault(
            f"robot {profile.name}", "sim", "nothing", "sim.world", "this robot cannot be simulated"
        )
    return WORLDS.get(profile.sim.world)(profile)
