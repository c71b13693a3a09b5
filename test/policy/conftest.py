"""Robots, observations, a tiny checkpoint and tiny demonstrations for the tests of the policy side."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from noetra_ros.core.types import CameraFrame, JointState, Observation
from noetra_ros.policy.demonstrations import Demonstration, DemonstrationSet
from noetra_ros.robots.profile import RobotProfile, load_robot

JOINTS = ("shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper")
SENTENCES = {
    "reach": {"red": ("reach for the red cube",), "blue": ("reach for the blue cube",)},
    "pick": {"red": ("pick up the red cube",), "blue": ("pick up the blue cube",)},
}


@pytest.fixture(scope="session")
def so101() -> RobotProfile:
    return load_robot("so101")


@pytest.fixture(scope="session")
def diffbot() -> RobotProfile:
    return load_robot("diffbot")


@pytest.fixture
def observation() -> Observation:
    """One of the SO-101: random pictures, joints near the middle."""
    rng = np.random.default_rng(3)
    joints = JointState(5_000_000, JOINTS, rng.uniform(-0.3, 0.3, 6), np.zeros(6), np.zeros(6))
    frames = {
        name: CameraFrame(5_000_000, name, rng.integers(0, 255, (96, 96, 3), dtype=np.uint8))
        for name in ("front", "wrist")
    }
    return Observation(5_000_000, "pick up the red cube", joints, frames)


@pytest.fixture
def without_camera(observation: Observation) -> Observation:
    return replace(observation, frames={"front": observation.frames["front"]})


@pytest.fixture(scope="session")
def description() -> DemonstrationSet:
    return DemonstrationSet(
        robot="so101",
        joints=JOINTS,
        unit="rad",
        cameras={"front": (32, 32), "wrist": (32, 32)},
        step_s=0.1,
        rows=4,
        tasks=("reach", "pick"),
        seed=0,
        variation="train",
        sentences=SENTENCES,
        heldout=("grab the red block",),
    )


@pytest.fixture(scope="session")
def episodes(description: DemonstrationSet) -> list[Demonstration]:
    """Six episodes in which the colour of the picture and the task say where the joints go."""
    return [synthetic_episode(description, seed) for seed in range(6)]


def synthetic_episode(description: DemonstrationSet, seed: int, decisions: int = 12) -> Demonstration:
    rng = np.random.default_rng(seed)
    task, colour = ("reach", "pick")[seed % 2], ("red", "blue")[seed // 2 % 2]
    joints = rng.uniform(0.0, 0.4, (decisions, 6)).astype(np.float32)
    way = 0.05 if task == "reach" else -0.05
    rows = np.arange(1, description.rows + 1, dtype=np.float32).reshape(1, -1, 1)
    pictures = {n: rng.integers(0, 255, (decisions, 32, 32, 3), dtype=np.uint8) for n in description.cameras}
    return Demonstration(
        tasks=np.full(decisions, task),
        colours=np.full(decisions, colour),
        pictures=pictures,
        joints=joints,
        chunks=(joints[:, None] + way * rows).astype(np.float32),
        seed=seed,
    )


@pytest.fixture
def dataset(description, episodes):
    from noetra_ros.policy.training.dataset import join_episodes

    return join_episodes(description, episodes)


@pytest.fixture
def tiny_settings():
    """A few steps on the smallest sensible network."""
    from noetra_ros.policy.models.nano import NanoShape
    from noetra_ros.policy.training.settings import TrainingSettings

    shape = NanoShape(stem_channels=4, channels=6, queries=2, found_channels=2, word_size=6, hidden=24)
    return TrainingSettings(
        steps=60, batch_size=16, warm_up_steps=5, check_every_steps=15, keep_every=3, shape=shape
    )


@pytest.fixture
def checkpoint(tmp_path, dataset, tiny_settings):
    """Folder of an untrained checkpoint for 32 x 32 pictures."""
    import torch

    from noetra_ros.policy.models.bundle import build_network, save_checkpoint
    from noetra_ros.policy.training.prepare import make_config

    torch.manual_seed(0)
    config = make_config(dataset, tiny_settings, "7")
    save_checkpoint(tmp_path / "checkpoint", config, build_network(config))
    return tmp_path / "checkpoint"


LEROBOT_SHEET = f"unit: deg\nrate_hz: 10\njoints: [{', '.join(JOINTS)}]\n"
PICTURE = {"type": "VISUAL", "shape": [3, 96, 96]}
LEROBOT_CONFIG = {
    "type": "act",
    "n_obs_steps": 1,
    "chunk_size": 8,
    "input_features": {
        "observation.state": {"type": "STATE", "shape": [6]},
        "observation.images.front": PICTURE,
        "observation.images.wrist": PICTURE,
    },
    "output_features": {"action": {"type": "ACTION", "shape": [6]}},
}
NORMALIZER = {"registry_name": "normalizer_processor", "config": {}, "state_file": "normalizer.safetensors"}
RENAME = {"registry_name": "rename_observations_processor", "config": {"rename_map": {}}}


class LeRobotFolder:
    """A checkpoint as LeRobot writes it, small; tests change what its files say before they are written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config: dict[str, Any] = copy.deepcopy(LEROBOT_CONFIG)
        self.before: list[dict[str, Any]] = [copy.deepcopy(RENAME), copy.deepcopy(NORMALIZER)]
        self.sheet = LEROBOT_SHEET

    def written(self) -> Path:
        self.path.mkdir(exist_ok=True)
        for name, content in (
            ("config.json", self.config),
            ("policy_preprocessor.json", {"steps": self.before}),
            ("policy_postprocessor.json", {"steps": []}),
        ):
            (self.path / name).write_text(json.dumps(content), encoding="utf-8")
        numbers = {"mean": 10.0, "std": 5.0, "min": -20.0, "max": 40.0}
        tensors = {f"action.{name}": np.full(6, value, np.float32) for name, value in numbers.items()}
        save_file(tensors, self.path / "normalizer.safetensors")
        save_file({"weight": np.zeros(1, np.float32)}, self.path / "model.safetensors")
        (self.path / "noetra.yaml").write_text(self.sheet, encoding="utf-8")
        return self.path


@pytest.fixture
def lerobot_folder(tmp_path) -> LeRobotFolder:
    return LeRobotFolder(tmp_path / "my_act")
