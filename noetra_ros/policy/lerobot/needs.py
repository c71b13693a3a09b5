"""Joins what a checkpoint says of itself with what its sheet says: the spec, and the way of each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.history import PRESENT, History
from noetra_ros.policy.lerobot.checkpoint import LeRobotCheckpoint
from noetra_ros.policy.lerobot.sheet import CameraSheet, LeRobotSheet
from noetra_ros.policy.model_sheet import SHEET_FILE, Scale
from noetra_ros.policy.spec import CameraNeed, JointStatistics, PolicySpec

UNIT_OF_KIND = {CommandKind.BASE_TWIST: "m/s"}
# Policies that take any size and fit it into a square themselves, and where the picture then lies in it.
OWN_RESIZE = {"smolvla": "letterbox_end", "pi0": "letterbox", "pi05": "letterbox", "pi0_fast": "letterbox"}


@dataclass(frozen=True)
class Needed:
    """What a checkpoint needs of the robot.

    Attributes:
        spec: for the preflight; joints and actions in rad.
        pictures: camera of each picture by the model's name for it.
        joints_to_model: rad to the model's unit.
        actions_from_model: the model's unit to rad, rad/s or m/s.
    """

    spec: PolicySpec
    pictures: Mapping[str, CameraNeed]
    joints_to_model: Scale
    actions_from_model: Scale


def needed_by(checkpoint: LeRobotCheckpoint, sheet: LeRobotSheet) -> Needed:
    """Join checkpoint and sheet.

    Raises:
        ConfigError: they contradict each other; every contradiction at once.
    """
    faults = _contradictions(checkpoint, sheet)
    if faults:
        raise ConfigError(str(checkpoint.folder / SHEET_FILE), faults)
    step_s = 1.0 / sheet.rate_hz
    history = History(checkpoint.history, step_s) if checkpoint.history > 1 else PRESENT
    pictures = {key: _camera(checkpoint, key, sheet, history) for key in checkpoint.pictures}
    spec = PolicySpec(
        model=sheet.model or f"{checkpoint.policy} {checkpoint.folder.name}",
        kind=sheet.kind,
        joints=sheet.joints,
        actions=sheet.columns,
        unit=UNIT_OF_KIND.get(sheet.kind, "rad"),
        rows=checkpoint.rows,
        step_s=step_s,
        start_offset_s=sheet.start_offset_s,
        replan_s=sheet.replan_s or max(step_s, checkpoint.rows * step_s / 2),
        cameras=tuple(pictures.values()),
        needs_instruction=checkpoint.needs_instruction,
        statistics=_statistics(checkpoint, sheet),
        joint_history=history,
        action_meaning=sheet.action_meaning,
        trained_rate_hz=sheet.rate_hz,
    )
    return Needed(spec, pictures, sheet.joint_scale.inverse(), sheet.action_scale)


def _contradictions(checkpoint: LeRobotCheckpoint, sheet: LeRobotSheet) -> list[Fault]:
    faults = []
    for key, names, size, of in (
        ("joints", sheet.joints, checkpoint.state_size, "numbers of observation.state"),
        ("actions", sheet.columns, checkpoint.action_size, "numbers of an action"),
    ):
        if len(names) != size:
            faults.append(Fault(key, f"{len(names)} names", f"{size}, one for each of the {of}"))
    known = ", ".join(checkpoint.pictures) or "none: the model has no picture"
    faults += [
        Fault(f"cameras.{key}", "an unknown picture", f"one of {known}")
        for key in sheet.cameras
        if key not in checkpoint.pictures
    ]
    return faults


def _camera(checkpoint: LeRobotCheckpoint, key: str, sheet: LeRobotSheet, history: History) -> CameraNeed:
    stated = sheet.cameras.get(key) or CameraSheet(key.rpartition(".")[2])
    height_px, width_px = checkpoint.pictures[key]
    return CameraNeed(
        stated.camera,
        stated.width_px or width_px,
        stated.height_px or height_px,
        source_px=stated.source_px,
        resize=OWN_RESIZE.get(checkpoint.policy, stated.resize),
        resizes_itself=checkpoint.policy in OWN_RESIZE,
        history=history,
    )


def _statistics(checkpoint: LeRobotCheckpoint, sheet: LeRobotSheet) -> tuple[JointStatistics, ...]:
    """In rad; empty where the checkpoint has none of actions that are joint positions."""
    found = checkpoint.statistics
    keys = ("action.mean", "action.std", "action.min", "action.max")
    if sheet.kind is not CommandKind.JOINT_POSITION or any(key not in found for key in keys):
        return ()
    scale = sheet.action_scale
    mean, low, high = (scale(found[key].ravel()) for key in ("action.mean", "action.min", "action.max"))
    deviation = np.abs(scale.factor) * found["action.std"].ravel()
    rows = zip(sheet.columns, mean, deviation, np.minimum(low, high), np.maximum(low, high), strict=True)
    return tuple(JointStatistics(name, *(float(number) for number in numbers)) for name, *numbers in rows)
