"""What flows through the graph, free of ROS: joint states, frames, observations, action chunks, commands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.samples import DepthFrame, Signal, Sound

FloatArray = NDArray[np.float64]
ImageArray = NDArray[np.uint8]


class CommandKind(Enum):
    """What the numbers of a command or chunk mean."""

    JOINT_POSITION = "joint_position"
    JOINT_VELOCITY = "joint_velocity"
    BASE_TWIST = "base_twist"
    EE_TWIST = "ee_twist"
    GRIPPER = "gripper"


@dataclass(frozen=True)
class JointState:
    """Measured joints at one instant, profile order.

    Attributes:
        stamp_ns: time of measurement.
        names: joint names.
        positions: (n,) rad or m.
        velocities: (n,) rad/s or m/s; NaN where the robot does not say.
        efforts: (n,) Nm or N; NaN where the robot does not say.
    """

    stamp_ns: int
    names: tuple[str, ...]
    positions: FloatArray
    velocities: FloatArray
    efforts: FloatArray


@dataclass(frozen=True)
class CameraFrame:
    """One picture of one camera.

    Attributes:
        stamp_ns: time of exposure.
        camera: name in the robot profile.
        rgb: (height, width, 3) uint8, red first.
    """

    stamp_ns: int
    camera: str
    rgb: ImageArray


@dataclass(frozen=True)
class Observation:
    """All that a policy sees, aligned in time.

    Attributes:
        stamp_ns: the instant that the observation stands for (oldest of its parts).
        instruction: sentence to follow.
        joints: measured joints.
        frames: newest frame of each camera that the policy needs, by camera name.
        videos: frames of the cameras of which it needs a history, oldest first, the last one as in `frames`.
        past_joints: joints at the instants that it wants to look back to, oldest first, without the present.
        depths: depth pictures by camera name.
        signals: further numeric streams (wrench, odom, imu), by name in the robot profile.
        sounds: audio by name in the robot profile.
    """

    stamp_ns: int
    instruction: str
    joints: JointState
    frames: Mapping[str, CameraFrame] = field(default_factory=dict)
    videos: Mapping[str, tuple[CameraFrame, ...]] = field(default_factory=dict)
    past_joints: tuple[JointState, ...] = ()
    depths: Mapping[str, DepthFrame] = field(default_factory=dict)
    signals: Mapping[str, Signal] = field(default_factory=dict)
    sounds: Mapping[str, Sound] = field(default_factory=dict)


@dataclass(frozen=True)
class ActionChunk:
    """A short trajectory that answers one observation; row k applies from stamp + start_offset + k * step on.

    Attributes:
        stamp_ns: time of the observation that it answers.
        sequence: counts up; receivers drop what is not newer.
        channel: command channel of the profile.
        kind: meaning of the values.
        names: (d) joint names, or vx, vy, wz.
        start_offset_s: s from the stamp to row 0.
        step_s: s between rows.
        values: (rows, d) rad, rad/s, m/s by kind.
        instruction: sentence that was followed.
        model: name and version.
        inference_s: s that the model needed.
        trust: share of good episodes that at their strangest look as strange as this, (0, 1]; NaN = nobody
            watches the policy.
    """

    stamp_ns: int
    sequence: int
    channel: str
    kind: CommandKind
    names: tuple[str, ...]
    start_offset_s: float
    step_s: float
    values: FloatArray
    instruction: str = ""
    model: str = ""
    inference_s: float = 0.0
    trust: float = math.nan

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        if values.ndim != 2 or values.shape[0] < 1 or values.shape[1] != len(self.names):
            raise ValueError(
                f"chunk values have shape {values.shape}, expected (rows >= 1, {len(self.names)})"
            )
        if not np.isfinite(values).all():
            raise ValueError("chunk values hold NaN or infinity")
        if not (np.isfinite(self.step_s) and self.step_s > 0):
            raise ValueError(f"chunk step_s is {self.step_s}, expected > 0")
        if not (np.isfinite(self.start_offset_s) and self.start_offset_s >= 0):
            raise ValueError(f"chunk start_offset_s is {self.start_offset_s}, expected >= 0")
        object.__setattr__(self, "values", values)

    @property
    def row_times_ns(self) -> NDArray[np.int64]:
        """(rows,) instants at which each row applies."""
        offsets_s = self.start_offset_s + self.step_s * np.arange(self.values.shape[0])
        return self.stamp_ns + np.round(offsets_s * 1e9).astype(np.int64)


@dataclass(frozen=True)
class ActionPrefix:
    """What the robot will do while an answer is computed: what the new chunk has to carry on from.

    Row 0 lies on the first row of the new chunk's own time grid (stamp + start_offset_s), rows are one
    step_s apart. Rows beyond `frozen` are the rest of the old plan: wanted, not certain.

    Attributes:
        values: (k, d) rad, rad/s, m/s by the kind of the chunk; columns in the chunk's order; k may be 0.
        frozen: first rows that are certain to be executed before the answer can apply; 0..k.
    """

    values: FloatArray
    frozen: int

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        if values.ndim != 2 or not np.isfinite(values).all():
            raise ValueError(f"prefix values are {values.shape} {values.tolist()}, expected finite (k, d)")
        if not 0 <= self.frozen <= values.shape[0]:
            raise ValueError(f"prefix freezes {self.frozen} rows of {values.shape[0]}")
        object.__setattr__(self, "values", values)


@dataclass(frozen=True)
class Command:
    """One command for one channel, as it arrived; may hold NaN or a wrong size: the supervisor judges that.

    Attributes:
        kind: meaning of the values.
        values: (d,) rad, rad/s; of a base (3,) vx m/s, vy m/s, wz rad/s; of a tool (6,) vx, vy, vz m/s and
            wx, wy, wz rad/s; of a gripper (1,) rad, or m of opening.
        arrival_ns: when it arrived, on the clock that time-outs run on.
        stamp_ns: its own stamp on the ROS clock; None for unstamped types.
        names: names that it carried; empty for types without names.
        efforts: (k,) N*m or N that a gripper may use, content unchecked; None = it carried none.
        frame: frame that it carried; empty for types without one.
    """

    kind: CommandKind
    values: FloatArray
    arrival_ns: int
    stamp_ns: int | None = None
    names: tuple[str, ...] = ()
    efforts: FloatArray | None = None
    frame: str = ""
