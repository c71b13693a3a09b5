"""What a policy needs and gives, in a form that the preflight can hold against a robot profile."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.picture_path import RESIZES
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.history import PRESENT, History

MEANINGS = ("absolute", "delta", "velocity")
READINGS = ("position", "velocity", "effort")


@dataclass(frozen=True)
class CameraNeed:
    """A picture that the policy wants in every observation.

    Attributes:
        name: camera of the robot profile.
        width_px: width that the backend takes; nothing is resized silently.
        height_px: height.
        colour_order: order of the channels, ``rgb`` or ``bgr``.
        source_px: (width, height) that training's pictures had when the camera took them; None = not known.
        resize: how they came from there to the size above: ``none``, ``stretch``, ``letterbox`` (middle),
            ``letterbox_start`` (picture top left), ``letterbox_end`` (bottom right), ``crop`` (middle);
            empty = not known.
        resizes_itself: the model does that, now as in training: it wants pictures as the camera takes them.
        history: instants that it wants to see.
    """

    name: str
    width_px: int
    height_px: int
    colour_order: str = "rgb"
    source_px: tuple[int, int] | None = None
    resize: str = ""
    resizes_itself: bool = False
    history: History = PRESENT


@dataclass(frozen=True)
class DepthNeed:
    """A depth picture that the policy wants, float32 in m.

    Attributes:
        name: camera of the robot profile.
        width_px: exact width.
        height_px: exact height.
    """

    name: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class SignalNeed:
    """Columns of a numeric stream: wrench, odom, imu.

    Attributes:
        stream: name in the robot profile.
        names: columns, in the policy's order, unit at the end: ``force_z_n``.
        history: instants that it wants to see.
    """

    stream: str
    names: tuple[str, ...]
    history: History = PRESENT


@dataclass(frozen=True)
class SoundNeed:
    """Audio without a gap, float32 in -1..1.

    Attributes:
        stream: name in the robot profile.
        rate_hz: samples a second.
        duration_s: s, how far back it listens.
        channels: 1 = mono.
    """

    stream: str
    rate_hz: float
    duration_s: float
    channels: int = 1


@dataclass(frozen=True)
class JointStatistics:
    """What one joint did in the training data; the network's normalisation.

    Attributes:
        name: joint.
        mean_rad: mean position.
        deviation_rad: standard deviation, > 0.
        lowest_rad: smallest action in the data.
        highest_rad: largest action in the data.
    """

    name: str
    mean_rad: float
    deviation_rad: float
    lowest_rad: float
    highest_rad: float


@dataclass(frozen=True)
class PolicySpec:
    """Everything that has to fit between a policy and a robot, and the timing of its chunks.

    Attributes:
        model: name and version, e.g. ``noetra_nano 1``.
        kind: meaning of the chunk's values.
        joints: joints that the policy reads (empty = none), in its own order.
        actions: names of the chunk's columns: joint names, or vx, vy, wz.
        unit: unit of joints and actions: ``rad``, ``deg`` or ``m/s``.
        rows: rows of a chunk.
        step_s: s between rows.
        start_offset_s: s from the observation's stamp to row 0.
        replan_s: s between two inferences; rows beyond it bridge a late answer.
        cameras: pictures it needs.
        needs_instruction: without a sentence it is never asked.
        needs_truth: reads the simulator's truth; refused on a real robot.
        statistics: normalisation by joint; empty where there is none.
        reads: what it reads of each joint: ``position``, ``velocity``, ``effort``.
        joint_history: instants at which it wants the joints.
        depths: depth pictures it needs.
        signals: further numeric streams it needs.
        sounds: audio it needs.
        action_meaning: of the chunk: ``absolute``, ``delta`` (to the measured joints) or ``velocity``;
            empty = as the kind says.
        trained_rate_hz: rows a second in the training data; None = not known.
        latency_s: s that an answer takes, 95 of 100 times, on the machine it is meant for; None = not known.
    """

    model: str
    kind: CommandKind
    joints: tuple[str, ...]
    actions: tuple[str, ...]
    unit: str
    rows: int
    step_s: float
    start_offset_s: float
    replan_s: float
    cameras: tuple[CameraNeed, ...] = ()
    needs_instruction: bool = True
    needs_truth: bool = False
    statistics: tuple[JointStatistics, ...] = ()
    reads: tuple[str, ...] = ("position",)
    joint_history: History = PRESENT
    depths: tuple[DepthNeed, ...] = ()
    signals: tuple[SignalNeed, ...] = ()
    sounds: tuple[SoundNeed, ...] = ()
    action_meaning: str = ""
    trained_rate_hz: float | None = None
    latency_s: float | None = None

    def __post_init__(self) -> None:
        faults = [
            Fault(key, str(value), "more than zero")
            for key, value in (("rows", self.rows), ("step_s", self.step_s), ("replan_s", self.replan_s))
            if not value > 0
        ]
        if not self.start_offset_s >= 0:
            faults.append(Fault("start_offset_s", str(self.start_offset_s), ">= 0"))
        if not self.actions:
            faults.append(Fault("actions", "nothing", "the name of each column"))
        faults += _unknown_words(self)
        if faults:
            raise ConfigError(f"policy {self.model}", faults)


def _unknown_words(spec: PolicySpec) -> list[Fault]:
    """Words that are none of those allowed; empty words say that something is not known."""
    words = [
        ("action_meaning", spec.action_meaning, MEANINGS),
        *((f"cameras.{need.name}.resize", need.resize, RESIZES) for need in spec.cameras),
    ]
    faults = [
        Fault(k, repr(got), f"one of {', '.join(known)}")
        for k, got, known in words
        if got not in ("", *known)
    ]
    faults += [
        Fault("reads", repr(word), f"some of {', '.join(READINGS)}")
        for word in spec.reads
        if word not in READINGS
    ]
    return faults
