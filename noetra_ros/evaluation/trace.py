"""What the physics recorded of one episode, and how to read it from its file."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.person_trace import PersonTrace, person_from_arrays

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
        person: who came; None where the episode had nobody.
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
    person: PersonTrace | None = None

    def __post_init__(self) -> None:
        shape = (len(self.time_s), len(self.names))
        for name in ("positions", "velocities", "targets", "is_touching"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"trace.{name} has shape {getattr(self, name).shape}, expected {shape}")
        if self.person is not None and self.person.distance_m.shape != self.time_s.shape:
            got = self.person.distance_m.shape
            raise ValueError(f"trace.person_distance_m has shape {got}, expected {self.time_s.shape}")
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


def read_trace(path: Path) -> PhysicsTrace:
    """Read the trace file that the simulation wrote of an episode (its fields: sim/trace.py).

    Raises:
        ConfigError: no such file, not a trace, or arrays that do not fit together.
    """
    expected = "a physics trace (NPZ)"
    if not path.is_file():
        raise single_fault(str(path), "file", "nothing there", expected, "was the episode run with a trace?")
    try:
        with np.load(path) as file:
            return _from_arrays({name: file[name] for name in file.files})
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise single_fault(str(path), "file", error, expected) from error


def _from_arrays(arrays: dict[str, NDArray[np.generic]]) -> PhysicsTrace:
    return PhysicsTrace(
        names=tuple(str(name) for name in arrays["names"]),
        time_s=arrays["time_s"].astype(np.float64),
        positions=arrays["positions"].astype(np.float64),
        velocities=arrays["velocities"].astype(np.float64),
        targets=arrays["targets"].astype(np.float64),
        is_touching=arrays["is_touching"].astype(np.bool_),
        object_names=tuple(str(name) for name in arrays["object_names"]),
        object_time_s=arrays["object_time_s"].astype(np.float64),
        object_poses=arrays["object_poses"].astype(np.float64),
        person=person_from_arrays(arrays),
    )
