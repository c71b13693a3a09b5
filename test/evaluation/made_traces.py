"""Made physics traces with one known fault each; the clean one moves close to every limit."""

import numpy as np

from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.trace import PhysicsTrace

STEP_S = 0.002
LIMITS = AxisLimits(
    names=("shoulder", "gripper"),
    lower=np.array([-1.0, -0.2]),
    upper=np.array([1.0, 1.7]),
    velocity=np.array([2.0, 2.5]),
    acceleration=np.array([20.0, 25.0]),
    jerk=np.array([1000.0, 1250.0]),
    position_unit=("rad", "rad"),
)


def clean_trace(duration_s=2.0, amplitude_rad=0.9, omega_radps=2.0):
    """A sine on the shoulder (peak 1.8 rad/s, 3.6 rad/s2), the gripper at rest; the target follows."""
    time_s = np.arange(0.0, duration_s, STEP_S)
    positions = np.column_stack([amplitude_rad * np.sin(omega_radps * time_s), np.full_like(time_s, 0.5)])
    velocities = np.column_stack(
        [amplitude_rad * omega_radps * np.cos(omega_radps * time_s), np.zeros_like(time_s)]
    )
    return make_trace(time_s, positions, velocities)


def still_trace(duration_s=2.0):
    """Nothing moves."""
    time_s = np.arange(0.0, duration_s, STEP_S)
    return make_trace(time_s, np.zeros((len(time_s), 2)), np.zeros((len(time_s), 2)))


def make_trace(time_s, positions, velocities, targets=None, is_touching=None):
    """A trace of the two axes; targets equal the positions and nothing touches where not said."""
    targets = positions.copy() if targets is None else targets
    is_touching = np.zeros(positions.shape, dtype=bool) if is_touching is None else is_touching
    return PhysicsTrace(("shoulder", "gripper"), time_s, positions, velocities, targets, is_touching)
