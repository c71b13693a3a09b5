"""Position drives for the joints of any arm: nothing to tune, because its own inertia sets the gains."""

from __future__ import annotations

import mujoco
import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.joint_coupling import JointCoupling

# A joint follows its setpoint like a critically damped spring of this rate. Such a filter never speeds up or
# turns round harder than what it follows, so the arm keeps the limits that its commands keep. It lags by
# 2 / 80 s = 25 ms, which is what servo drives of arms do.
RATE_PER_S = 80.0


class JointDrives:
    """Torques from setpoints: M(q) (w^2 (setpoint - q) - 2 w qd) + gravity and Coriolis torques.

    Industrial arms do the same inside (model-based feed-forward): the arm neither sags nor do joints disturb
    one another, as far as the motors are strong enough.

    Args:
        model: compiled model with a motor for each driven joint, in the order of `joints`.
        data: its state.
        joints: where positions and velocities of the driven joints stand, and what they take along.
        period_steps: physics steps of a control period: setpoints are interpolated over it.
        motors: which of the model's actuators are theirs; without it all.
    """

    def __init__(
        self,
        model: mujoco.MjModel,
        data: mujoco.MjData,
        joints: JointCoupling,
        period_steps: int,
        motors: slice = slice(None),
    ) -> None:
        self._model, self._data, self._joints = model, data, joints
        self._period_steps, self._motors = period_steps, motors
        self._inertia = np.zeros((model.nv, model.nv))
        self._hold(np.zeros(len(joints.dofs)))

    @property
    def told(self) -> FloatArray:
        """(n,) last setpoint, rad or m; NaN before the first since `place`."""
        return self._told.copy()

    def place(self, positions: FloatArray) -> None:
        """The joints are at `positions`, (n,) rad or m, at rest, and stand there until they are told more."""
        self._joints.place(self._data, positions)
        self._hold(positions)
        mujoco.mj_forward(self._model, self._data)

    def _hold(self, positions: FloatArray) -> None:
        self._from, self._target = positions.copy(), positions.copy()
        self._told = np.full(len(positions), np.nan)
        self._progress = self._period_steps

    def set_target(self, positions: FloatArray) -> None:
        """A new setpoint, (n,) rad or m: reached one control period from now.

        Raises:
            ValueError: wrong size, NaN or infinity: a real drive would refuse it, too.
        """
        values = np.asarray(positions, dtype=float)
        if values.shape != self._told.shape or not np.isfinite(values).all():
            raise ValueError(f"joint targets {values}: expected {len(self._told)} finite numbers, rad or m")
        self._from, self._target, self._progress = self._setpoint(), values.copy(), 0
        self._told = values.copy()

    def _setpoint(self) -> FloatArray:
        return self._from + self._progress / self._period_steps * (self._target - self._from)

    def apply(self) -> None:
        """Sets the torques of the physics step that comes; positions and velocities are those of now."""
        self._progress = min(self._progress + 1, self._period_steps)
        data, joints = self._data, self._joints
        mujoco.mj_fullM(self._model, data, self._inertia)
        error = self._setpoint() - data.qpos[joints.qpos]
        wanted = RATE_PER_S**2 * error - 2.0 * RATE_PER_S * data.qvel[joints.dofs]
        torque = self._inertia @ (wanted @ joints.motion) + data.qfrc_bias - data.qfrc_passive
        # The motor of a mechanism moves all of it: virtual work.
        data.ctrl[self._motors] = joints.motion @ torque
