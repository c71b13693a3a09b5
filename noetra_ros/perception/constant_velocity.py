"""Kalman filter of a point that moves at nearly constant velocity."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray


class ConstantVelocity:
    """Position and velocity; noise is alike in all directions: one 2 x 2 covariance serves all three axes.

    Args:
        position_m: (3,) first measurement.
        std_m: its standard deviation.
        speed_max_mps: three standard deviations of the velocity before it is known.
        acceleration_mps2: standard deviation of the accelerations to be expected (white noise).
    """

    def __init__(
        self, position_m: FloatArray, std_m: float, speed_max_mps: float, acceleration_mps2: float
    ) -> None:
        self.position_m = np.array(position_m, dtype=np.float64)
        self.velocity_mps = np.zeros(3)
        self.covariance = np.diag([std_m**2, (speed_max_mps / 3.0) ** 2])
        self._acceleration_mps2 = acceleration_mps2

    def predicted(self, dt_s: float) -> tuple[FloatArray, FloatArray]:
        """Position (3,) m and covariance (2, 2) after `dt_s`."""
        step = np.array([[1.0, dt_s], [0.0, 1.0]])
        push = np.array([0.5 * dt_s**2, dt_s]) * self._acceleration_mps2
        return self.position_m + dt_s * self.velocity_mps, step @ self.covariance @ step.T + np.outer(
            push, push
        )

    def distances(self, positions_m: FloatArray, std_m: FloatArray, dt_s: FloatArray) -> FloatArray:
        """Standard deviations between measurements and what is predicted for them.

        Args:
            positions_m: (M, 3) measurements.
            std_m: (M,) their standard deviations.
            dt_s: (M,) time since the last one taken.
        """
        offsets_m = positions_m - self.position_m - dt_s[:, None] * self.velocity_mps
        (position, mixed), (_, velocity) = self.covariance
        spread = position + 2.0 * dt_s * mixed + dt_s**2 * velocity
        spread += (0.5 * dt_s**2 * self._acceleration_mps2) ** 2 + std_m**2
        distances: FloatArray = np.sqrt(np.square(offsets_m).sum(axis=1) / spread)
        return distances

    def update(self, position_m: FloatArray, std_m: float, dt_s: float) -> None:
        """Takes a measurement made `dt_s` after the last one."""
        predicted_m, covariance = self.predicted(dt_s)
        gain = covariance[:, 0] / (covariance[0, 0] + std_m**2)
        innovation_m = position_m - predicted_m
        self.position_m = predicted_m + gain[0] * innovation_m
        self.velocity_mps = self.velocity_mps + gain[1] * innovation_m
        self.covariance = covariance - np.outer(gain, covariance[0])

    @property
    def position_std_m(self) -> float:
        """Standard deviation of the position, along one axis."""
        return float(np.sqrt(self.covariance[0, 0]))

    @property
    def velocity_std_mps(self) -> float:
        """Standard deviation of the velocity, along one axis."""
        return float(np.sqrt(self.covariance[1, 1]))
