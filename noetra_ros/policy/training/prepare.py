"""From demonstrations to the config of a new checkpoint: statistics, vocabulary, description."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np

from noetra_ros.policy.checkpoint import CameraConfig, CheckpointConfig, JointConfig
from noetra_ros.policy.models.vocabulary import build_vocabulary
from noetra_ros.policy.training.dataset import Dataset
from noetra_ros.policy.training.settings import TrainingSettings

LEAST_POSITION_DEVIATION_RAD = 0.05
LEAST_WAY_DEVIATION_RAD = 0.02
REPLAN_ROWS = 2
DIGITS = 6


def make_config(dataset: Dataset, settings: TrainingSettings, version: str) -> CheckpointConfig:
    """Config of a new checkpoint."""
    description = dataset.description
    ways = dataset.chunks - dataset.joints[:, None]
    deviation = np.maximum(ways.std(axis=0), LEAST_WAY_DEVIATION_RAD)
    return CheckpointConfig(
        model="noetra_nano",
        version=version,
        robot=description.robot,
        unit=description.unit,
        cameras=tuple(CameraConfig(n, w, h, "rgb") for n, (w, h) in description.cameras.items()),
        joints=_joints(dataset),
        rows=description.rows,
        step_s=description.step_s,
        start_offset_s=description.step_s,
        replan_s=REPLAN_ROWS * description.step_s,
        way_deviation=tuple(tuple(round(float(v), DIGITS) for v in row) for row in deviation),
        vocabulary=_vocabulary(dataset),
        sentence_length=16,
        shape=asdict(settings.shape),
        training=describe_training(dataset, settings),
    )


def continue_config(
    first: CheckpointConfig, dataset: Dataset, settings: TrainingSettings, version: str
) -> CheckpointConfig:
    """Config for training a checkpoint further: normalisation and words stay, new words are appended."""
    new_words = [word for word in _vocabulary(dataset) if word not in first.vocabulary]
    training = describe_training(dataset, settings) | {"began_as": f"{first.model} {first.version}"}
    return replace(first, version=version, training=training, vocabulary=(*first.vocabulary, *new_words))


def describe_training(dataset: Dataset, settings: TrainingSettings) -> dict[str, Any]:
    """How the weights came about, for people and for the model card."""
    names, counts = np.unique([dataset.wish_names[w][0] for w in dataset.wishes], return_counts=True)
    episodes = np.unique(dataset.episodes)
    wanted = asdict(settings)
    wanted.pop("shape")
    return {
        "settings": wanted,
        "episodes": len(episodes),
        "first_seed": int(episodes[0]),
        "last_seed": int(episodes[-1]),
        "decisions": len(dataset),
        "decisions_by_task": {str(n): int(c) for n, c in zip(names, counts, strict=True)},
        "variation": dataset.description.variation,
    }


def _vocabulary(dataset: Dataset) -> tuple[str, ...]:
    by_colour = dataset.description.sentences.values()
    return build_vocabulary(s for colours in by_colour for group in colours.values() for s in group).words


def _joints(dataset: Dataset) -> tuple[JointConfig, ...]:
    mean, deviation = dataset.joints.mean(axis=0), dataset.joints.std(axis=0)
    low, high = dataset.chunks.min(axis=(0, 1)), dataset.chunks.max(axis=(0, 1))
    return tuple(
        JointConfig(
            name,
            round(float(mean[i]), DIGITS),
            round(float(max(deviation[i], LEAST_POSITION_DEVIATION_RAD)), DIGITS),
            round(float(low[i]), DIGITS),
            round(float(high[i]), DIGITS),
        )
        for i, name in enumerate(dataset.description.joints)
    )
