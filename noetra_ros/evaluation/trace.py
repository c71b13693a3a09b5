"""What the physics recorded of one episode, and how to read it from its file."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class PhysicsTrace:
    """The robot's own motion at every physics step.

    An axis is a joint of an arm (rad), or ``vx``, ``wz`` of a base (then `positions` is all NaN).

    Attributes:
        names: (d) axes, profile order.
        time_s: (n,) simulated time, strictly increasing.
        positions: (n, d) rad or m; NaN where an axis has no position limit.
        velocities: (n, d) rad/s or m/s.
        targets: (n, d) what the controller was last told, in the unit of its channel; NaN before the first.
        is_touching: (n, d) the axis' own link or one that it carries touches an object.
        object_names: (k) objects whose poses were kept.
        object_time_s: (m,) instants of the object poses.
        object_poses: (m, k, 7) world frame, x y z in m, quat_wxyz.
    """

    names: tuple[str, ...]
    time_s: FloatArray
    positions: FloatArray
    velocities: FloatArray
    targets: FloatArray
    is_touching: BoolArray
    object_names: tuple[str, ...] = ()
    object_time_s: FloatArray = field(default_factory=lambda: np.zeros(0))
    object_poses: FloatArray = field(default_factory=lambda: np.zeros((0, 0, 7)))

    def __post_init__(self) -> None:
        shape = (len(self.time_s), len(self.names))
        for name in ("positions", "velocities", "targets", "is_touching"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"trace.{name} has shape {getattr(self, name).shape}, expected {shape}")
        if len(self.time_s) > 1 and not (np.diff(self.time_s) > 0).all():
            raise ValueError("trace.time_s does not increase strictly")

    @property
    def step_s(self) -> float:
        """Length of one physics step, s (median)."""
        return float(np.median(np.diff(self.time_s)))

    @property
    def duration_s(self) -> float:
        """Simulated time covered, s; 0 for less than two steps."""
        return float(self.time_s[-1] - self.time_s[0]) if len(self.time_s) > 1 else 0.0
