"""Position drives for the joints of any arm: nothing to tune, because its own inertia sets the gains."""

from __future__ import annotations

import mujoco
import numpy as np

from noetra_ros.core.types import FloatArray

# A joint follows its setpoint like a critically damped spring of this rate. Such a filter never speeds up or
# turns round harder than what it follows, so the arm keeps the limits that its commands keep. It lags by
# 2 / 80 s = 25 ms, which is what servo drives of arms do.
RATE_PER_S = 80.0


class JointDrives:
    """Torques from setpoints: M(q) (w^2 (setpoint - q) - 2 w qd) + gravity and Coriolis torques.

    Industrial arms do the same inside (model-based feed-forward): the arm neither sags nor do joints disturb
    one another, as far as the motors are strong enough.

    Args:
        model: compiled model with a motor for each joint, in the order of `dofs`.
        data: its state.
        dofs: (n,) where the velocity of each joint stands.
        qpos: (n,) where its position stands.
        period_steps: physics steps of a control period: setpoints are interpolated over it.
        motors: which of the model's actuators are theirs; without it all.
    """

    def __init__(
        self,
        model: mujoco.MjModel,
        data: mujoco.MjData,
        dofs: FloatArray,
        qpos: FloatArray,
        period_steps: int,
        motors: slice = slice(None),
    ) -> None:
        self._model, self._data, self._dofs, self._qpos = model, data, dofs, qpos
        self._period_steps, self._motors = period_steps, motors
        self._inertia = np.zeros((model.nv, model.nv))
        self.hold(np.zeros(len(dofs)))

    def hold(self, positions: FloatArray) -> None:
        """Stand at `positions`, (n,) rad or m, from now on."""
        self._from, self._target = positions.copy(), positions.copy()
        self._progress = self._period_steps

    def set_target(self, positions: FloatArray) -> None:
        """A new setpoint, (n,) rad or m: reached one control period from now."""
        self._from, self._target, self._progress = self._setpoint(), positions.copy(), 0

    def _setpoint(self) -> FloatArray:
        return self._from + self._progress / self._period_steps * (self._target - self._from)

    def apply(self) -> None:
        """Sets the torques of the physics step that comes; positions and velocities are those of now."""
        self._progress = min(self._progress + 1, self._period_steps)
        data = self._data
        mujoco.mj_fullM(self._model, data, self._inertia)
        error = self._setpoint() - data.qpos[self._qpos]
        wanted = np.zeros(self._model.nv)
        wanted[self._dofs] = RATE_PER_S**2 * error - 2.0 * RATE_PER_S * data.qvel[self._dofs]
        torque = self._inertia @ wanted + data.qfrc_bias - data.qfrc_passive
        data.ctrl[self._motors] = torque[self._dofs]
