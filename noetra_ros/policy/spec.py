"""What a policy needs and gives, in a form that the preflight can hold against a robot profile."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import CommandKind


@dataclass(frozen=True)
class CameraNeed:
    """A picture that the policy wants in every observation.

    Attributes:
        name: camera of the robot profile.
        width_px: exact width; nothing is resized silently.
        height_px: exact height.
        colour_order: order of the channels, ``rgb`` or ``bgr``.
    """

    name: str
    width_px: int
    height_px: int
    colour_order: str = "rgb"


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
        if faults:
            raise ConfigError(f"policy {self.model}", faults)
