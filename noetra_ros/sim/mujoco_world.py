"""What every world on MuJoCo has alike: clock, steps, cameras. Robot and surroundings are its own."""

from __future__ import annotations

from collections.abc import Callable

import mujoco

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.cameras import CameraImage, Intrinsics
from noetra_ros.sim.eyes import Eyes
from noetra_ros.sim.labels import Labels
from noetra_ros.sim.person_watch import PersonWatch
from noetra_ros.sim.world import Odometry, Scan


class MujocoWorld:
    """The part of `World` that does not depend on what is in it; what a world lacks is None or refused.

    Args:
        profile: the robot.
        model: compiled, robot and surroundings.
        step_s: length of a physics step.
    """

    people: tuple[str, ...] = ()

    def __init__(self, profile: RobotProfile, model: mujoco.MjModel, step_s: float) -> None:
        self.profile, self.step_s = profile, step_s
        self._model, self._data = model, mujoco.MjData(model)
        self._eyes = Eyes(profile, self._model, self._data)
        self._listener: Callable[[], None] | None = None
        self._steps_total = self._episode_steps = 0

    @property
    def time_ns(self) -> int:
        """Simulated time since the world was built."""
        return round(self._steps_total * self.step_s * 1e9)

    @property
    def episode_s(self) -> float:
        """Simulated time since the reset."""
        return self._episode_steps * self.step_s

    def step(self, count: int = 1) -> None:
        """Runs physics steps; see `World.step`."""
        for _ in range(count):
            self._advance()
            self._steps_total += 1
            self._episode_steps += 1
            self._note_step()
            if self._listener is not None:
                self._listener()
        mujoco.mj_kinematics(self._model, self._data)

    def _advance(self) -> None:
        """One physics step, and what drives it."""
        mujoco.mj_step(self._model, self._data)

    def _note_step(self) -> None:
        """What is to be seen of every step, before the listener; nothing, here."""

    def set_joint_targets(self, positions_rad: FloatArray) -> None:
        """A robot without joints to set.

        Raises:
            ConfigError: always.
        """
        raise single_fault(
            f"robot {self.profile.name}", "joint targets", "a command", "a twist", "this robot drives"
        )

    def set_twist(self, linear_mps: float, angular_radps: float) -> None:
        """A robot without a base.

        Raises:
            ConfigError: always.
        """
        raise single_fault(
            f"robot {self.profile.name}", "twist", "a command", "joint positions", "this robot is fixed"
        )

    def odometry(self) -> Odometry | None:
        """None: the robot is fixed."""
        return None

    def scan(self) -> Scan | None:
        """None: no scanner."""
        return None

    def wrench(self) -> FloatArray | None:
        """None: no such sensor."""
        return None

    def person(self) -> PersonWatch | None:
        """None: nobody walks here."""
        return None

    def intrinsics(self, camera: str) -> Intrinsics:
        """Intrinsics of one camera."""
        return self._eyes.intrinsics(camera)

    def camera_pose(self, camera: str) -> FloatArray:
        """(4, 4) world_from_optical."""
        return self._eyes.pose(camera)

    def render(self, camera: str) -> CameraImage:
        """A picture; see `Eyes.render`."""
        return self._eyes.render(camera)

    def displace_camera(self, camera: str, shift_m: FloatArray, turn_rad: FloatArray) -> None:
        """Knocks a camera out of its place."""
        self._eyes.displace(camera, shift_m, turn_rad)

    def render_labels(self, camera: str) -> Labels:
        """A world without labels.

        Raises:
            ConfigError: always.
        """
        raise single_fault("simulation", "labels", camera, "a world of things that can be recognised: table")

    def mark_start(self) -> None:
        """Nothing to mark: nothing is moved here."""

    def model_and_data(self) -> tuple[mujoco.MjModel, mujoco.MjData]:
        """What MuJoCo's own viewer shows."""
        return self._model, self._data

    def on_step(self, listener: Callable[[], None] | None) -> None:
        """Calls `listener` after every physics step; None ends that."""
        self._listener = listener

    def close(self) -> None:
        """Gives rendering memory back."""
        self._eyes.close()
