"""Judges a sequence of setpoints by finite differences, written without any code of the limiter."""

from __future__ import annotations

import numpy as np

TOLERANCE = 1e-6


def differences(values: np.ndarray, dt_s: float, order: int) -> np.ndarray:
    """Finite differences of the columns, from a standstill at the first row on."""
    padded = np.concatenate([np.repeat(values[:1], order, axis=0), values])
    return np.diff(padded, n=order, axis=0) / dt_s**order


def worst_share(values: np.ndarray, dt_s: float, order: int, limit: float) -> float:
    """Largest difference as a share of its limit; at most 1 is within."""
    return float(np.abs(differences(values, dt_s, order)).max() / limit)


def assert_position_limits(
    values: np.ndarray,
    dt_s: float,
    lower: float,
    upper: float,
    velocity: float,
    acceleration: float,
    jerk: float,
) -> None:
    """Fails with the limit that the positions pass."""
    assert np.isfinite(values).all()
    assert values.min() >= lower, f"{values.min()} < {lower}"
    assert values.max() <= upper, f"{values.max()} > {upper}"
    for order, limit in enumerate((velocity, acceleration, jerk), start=1):
        share = worst_share(values, dt_s, order, limit)
        assert share <= 1.0 + TOLERANCE, f"difference {order} is {share} of its limit {limit}"


def assert_velocity_limits(
    values: np.ndarray, dt_s: float, velocity: float, acceleration: float, jerk: float
) -> None:
    """Fails with the limit that the velocities pass."""
    assert np.isfinite(values).all()
    assert np.abs(values).max() <= velocity * (1.0 + TOLERANCE)
    for order, limit in enumerate((acceleration, jerk), start=1):
        share = worst_share(values, dt_s, order, limit)
        assert share <= 1.0 + TOLERANCE, f"difference {order} is {share} of its limit {limit}"
