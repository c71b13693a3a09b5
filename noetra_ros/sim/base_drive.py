"""The drive of a simulated base: follows a twist by force, and stops by itself when commands stop coming."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import BaseLimits, Channel
from noetra_ros.robots.simulation import Chassis

# Speed loop: time constant of the wheels' controllers. Not measured on a real base.
SPEED_LOOP_S = 0.03
SIDEWAYS_LOOP_S = 0.01  # wheels do not slide sideways


class BaseDrive:
    """Turns twists into forces on the chassis.

    Between two commands it interpolates over one command period, as drives do, and never changes its speed
    faster than the profile's acceleration: two commands of a stream that jitters may come at once. Without a
    command for the channel's `controller_timeout_s` it slows down by the same limit. diff_drive_controller
    does both.

    Args:
        limits: limits of the base; what commands ask beyond its accelerations comes later.
        channel: the channel that commands come on.
        step_s: physics step.
        chassis: what is driven.
    """

    def __init__(self, limits: BaseLimits, channel: Channel, step_s: float, chassis: Chassis) -> None:
        self._limits = np.array([limits.linear_mps2, limits.angular_radps2])
        self._timeout_s = channel.controller_timeout_s
        self._step_s = step_s
        self._mass_kg = chassis.mass_kg
        self._yaw_inertia_kgm2 = 0.5 * chassis.mass_kg * chassis.radius_m**2
        self._period_steps = max(1, round(1.0 / (channel.rate_hz * step_s)))
        self.reset()

    def reset(self) -> None:
        """At rest, nothing commanded."""
        self.told = np.full(2, np.nan)
        self._from, self._goal, self._wanted, self._setpoint = np.zeros((4, 2))
        self._progress = self._period_steps
        self._age_s = 0.0

    def set_twist(self, linear_mps: float, angular_radps: float) -> None:
        """Takes a command.

        Raises:
            ValueError: NaN or infinity.
        """
        twist = np.array([linear_mps, angular_radps], dtype=float)
        if not np.isfinite(twist).all():
            raise ValueError(f"twist {twist.tolist()}: expected finite m/s and rad/s")
        self.told = twist
        self._from, self._goal, self._progress = self._wanted, twist.copy(), 0
        self._age_s = 0.0

    def forces(self, yaw_rad: float, velocity_world: FloatArray) -> FloatArray:
        """(3,) N, N, Nm along world x, y and about z for the next physics step.

        Args:
            yaw_rad: heading.
            velocity_world: (3,) m/s, m/s, rad/s.
        """
        self._advance()
        ahead = np.array([np.cos(yaw_rad), np.sin(yaw_rad)])
        aside = np.array([-ahead[1], ahead[0]])
        forward = self._mass_kg * (self._setpoint[0] - velocity_world[:2] @ ahead) / SPEED_LOOP_S
        sideways = -self._mass_kg * (velocity_world[:2] @ aside) / SIDEWAYS_LOOP_S
        turning = self._yaw_inertia_kgm2 * (self._setpoint[1] - velocity_world[2]) / SPEED_LOOP_S
        return np.array([*(forward * ahead + sideways * aside), turning])

    def _advance(self) -> None:
        """Moves the setpoint by one physics step."""
        self._age_s += self._step_s
        if self._timeout_s is not None and self._age_s > self._timeout_s:
            self._from = self._goal = self._wanted = np.zeros(2)
        elif self._progress < self._period_steps:
            self._progress += 1
            share = self._progress / self._period_steps
            self._wanted = self._from + share * (self._goal - self._from)
        largest = self._limits * self._step_s
        self._setpoint = self._setpoint + np.clip(self._wanted - self._setpoint, -largest, largest)
