"""What a LeRobot checkpoint folder says of itself: kind of policy, tensors, processors, statistics.

Read without LeRobot and without torch. Format: config.json (policy, features), model.safetensors,
policy_preprocessor.json and policy_postprocessor.json (steps by registered name), with their *.safetensors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.types import FloatArray

CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"
PREPROCESSOR_FILE = "policy_preprocessor.json"
POSTPROCESSOR_FILE = "policy_postprocessor.json"
STATE_KEY, ACTION_KEY = "observation.state", "action"
UNUSED_PICTURE = "empty_camera"  # a place for a camera that the robot of the data did not have
# Which number of config.json is the length of an answer; every other kind of policy calls it chunk_size.
ROWS_KEYS = {"diffusion": "n_action_steps", "vqbet": "action_chunk_size", "multi_task_dit": "n_action_steps"}
TOKENIZERS = ("tokenizer_processor", "pi05_prepare_state_tokenizer_processor_step")


@dataclass(frozen=True)
class LeRobotCheckpoint:
    """A checkpoint as its files describe it.

    Attributes:
        folder: where it lies.
        policy: kind, e.g. ``act``.
        state_size: numbers of observation.state; 0 = reads none.
        action_size: numbers of an action.
        pictures: (height, width) px by key, as the data calls it, before the preprocessor renames it.
        rows: actions of an answer.
        history: observations that an answer looks at.
        needs_instruction: the sentence is tokenized.
        statistics: numbers of the training data by name, e.g. ``action.min``; empty where there are none.
    """

    folder: Path
    policy: str
    state_size: int
    action_size: int
    pictures: Mapping[str, tuple[int, int]]
    rows: int
    history: int
    needs_instruction: bool
    statistics: Mapping[str, FloatArray]


def read_checkpoint(folder: Path) -> LeRobotCheckpoint:
    """Read the description of a checkpoint.

    Raises:
        ConfigError: files missing or malformed, or made in a way that is not run here; all faults at once.
    """
    _require_files(folder)
    config = _read_json(folder / CONFIG_FILE)
    steps = _steps(folder / PREPROCESSOR_FILE)
    _require_registered(folder, steps, _steps(folder / POSTPROCESSOR_FILE))
    faults: list[Fault] = []
    policy = str(config.get("type", ""))
    inputs, outputs = (
        _features(config, "input_features", faults),
        _features(config, "output_features", faults),
    )
    rows_key = ROWS_KEYS.get(policy, "chunk_size")
    rows = _whole(config.get(rows_key), rows_key, faults)
    history = _whole(config.get("n_obs_steps", 1), "n_obs_steps", faults)
    faults += _unfit(config, inputs, outputs)
    if faults:
        raise ConfigError(str(folder / CONFIG_FILE), faults)
    renamed = {new: old for old, new in _rename_map(steps).items()}
    pictures = {key: shape for key, (kind, shape) in inputs.items() if kind == "VISUAL"}
    return LeRobotCheckpoint(
        folder=folder,
        policy=policy,
        state_size=inputs[STATE_KEY][1][0] if STATE_KEY in inputs else 0,
        action_size=outputs[ACTION_KEY][1][0],
        pictures={
            renamed.get(key, key): (shape[1], shape[2])
            for key, shape in pictures.items()
            if UNUSED_PICTURE not in key
        },
        rows=rows,
        history=history,
        needs_instruction=any(step["registry_name"] in TOKENIZERS for step in steps),
        statistics=_statistics(folder, steps),
    )


def _require_files(folder: Path) -> None:
    if not folder.is_dir():
        remedy = "set checkpoint to the folder pretrained_model of a LeRobot training"
        raise single_fault(str(folder), "checkpoint", "no such folder", "a LeRobot checkpoint", remedy)
    wanted = (CONFIG_FILE, WEIGHTS_FILE, PREPROCESSOR_FILE, POSTPROCESSOR_FILE)
    remedy = (
        "a checkpoint without processors is of LeRobot before 0.4: convert it there with "
        "python -m lerobot.processor.migrate_policy_normalization --pretrained-path FOLDER"
    )
    faults = [
        Fault(name, "nothing there", "a file", remedy) for name in wanted if not (folder / name).is_file()
    ]
    if faults:
        raise ConfigError(str(folder), faults)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise single_fault(str(path), "file", error, "valid JSON") from error
    if not isinstance(content, dict):
        raise single_fault(str(path), "file", type(content).__name__, "an object")
    return content


def _steps(path: Path) -> list[dict[str, Any]]:
    steps = _read_json(path).get("steps")
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise single_fault(str(path), "steps", repr(steps)[:60], "a list of processor steps")
    return steps


def _require_registered(folder: Path, *pipelines: list[dict[str, Any]]) -> None:
    """A step that names a class would have LeRobot import whatever the file says."""
    classes = [
        step.get("class", "nothing") for steps in pipelines for step in steps if "registry_name" not in step
    ]
    if classes:
        expected = "the registered name of a LeRobot step"
        raise single_fault(str(folder), "steps", ", ".join(map(str, classes)), expected)


def _features(
    config: dict[str, Any], key: str, faults: list[Fault]
) -> dict[str, tuple[str, tuple[int, ...]]]:
    """(kind, shape) by name of the tensor."""
    features = config.get(key)
    try:
        return {name: (str(f["type"]), tuple(int(n) for n in f["shape"])) for name, f in features.items()}  # type: ignore[union-attr]
    except (AttributeError, KeyError, TypeError, ValueError):
        faults.append(Fault(key, repr(features)[:60], "type and shape by name"))
        return {}


def _whole(value: Any, key: str, faults: list[Fault]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    faults.append(Fault(key, repr(value), "a whole number above zero"))
    return 0


def _unfit(
    config: dict[str, Any],
    inputs: dict[str, tuple[str, tuple[int, ...]]],
    outputs: dict[str, tuple[str, tuple[int, ...]]],
) -> list[Fault]:
    """What cannot be run here."""
    faults = []
    for key, (kind, shape) in inputs.items():
        is_picture = kind == "VISUAL" and len(shape) == 3 and shape[0] == 3
        if not is_picture and not (key == STATE_KEY and len(shape) == 1):
            faults.append(Fault(f"input_features.{key}", f"{kind} {shape}", f"pictures and {STATE_KEY} only"))
    if ACTION_KEY not in outputs or len(outputs[ACTION_KEY][1]) != 1:
        faults.append(Fault(f"output_features.{ACTION_KEY}", repr(outputs.get(ACTION_KEY)), "a vector"))
    if config.get("use_peft"):
        remedy = "merge the adapter into the weights and save the whole policy"
        faults.append(Fault("use_peft", "true", "whole weights", remedy))
    return faults


def _rename_map(steps: list[dict[str, Any]]) -> dict[str, str]:
    """The model's name of a tensor by the data's name."""
    configs = [
        s.get("config", {}) for s in steps if s.get("registry_name") == "rename_observations_processor"
    ]
    return {old: new for config in configs for old, new in config.get("rename_map", {}).items()}


def _statistics(folder: Path, steps: list[dict[str, Any]]) -> dict[str, FloatArray]:
    files = [
        step["state_file"]
        for step in steps
        if step.get("registry_name") == "normalizer_processor" and step.get("state_file")
    ]
    found: dict[str, FloatArray] = {}
    for name in files:
        try:
            tensors = load_file(folder / Path(name).name)
        except (OSError, SafetensorError) as error:
            raise single_fault(str(folder / name), "file", error, "a whole safetensors file") from error
        found.update({key: np.asarray(value, dtype=np.float64) for key, value in tensors.items()})
    return found
