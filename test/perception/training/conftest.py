"""Tiny made scenes whose labels can be read off the pictures, and settings for a few steps."""

from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.perception.scene_files import Scene, SceneSet, write_scene, write_scene_set

INSTANCES = ("background", "table", "robot", "red_cube", "person", "left_hand", "right_hand")
LABELS = ("background", "table", "robot", "red_cube", "person", "hand", "hand")
COLOURS = np.array(
    [[0, 0, 0], [90, 90, 90], [220, 200, 20], [200, 20, 20], [40, 60, 160], [220, 170, 140], [220, 170, 140]]
)
CAMERAS = {"near": (32, 32), "far": (48, 32)}


@pytest.fixture(autouse=True)
def one_thread():
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def scene_of():
    """Makes the scene of a seed."""
    return _scene


def _scene(seed: int, views: int = 2) -> Scene:
    rng = np.random.default_rng(seed)
    ids = {}
    for name, (width, height) in CAMERAS.items():
        ids[name] = np.ones((views, height, width), np.uint8)
        for view in ids[name]:
            for instance in range(2, len(INSTANCES)):
                top, left = rng.integers(0, height - 8), rng.integers(0, width - 8)
                view[top : top + 7, left : left + 7] = instance
    pictures = {name: COLOURS[stack].astype(np.uint8) for name, stack in ids.items()}
    return Scene(seed, pictures, ids)


@pytest.fixture(scope="session")
def description() -> SceneSet:
    return SceneSet("so101", CAMERAS, 2, INSTANCES, LABELS, "train")


@pytest.fixture
def folder(tmp_path, description):
    write_scene_set(tmp_path / "scenes", description)
    for seed in range(6):
        write_scene(tmp_path / "scenes", _scene(seed))
    return tmp_path / "scenes"


@pytest.fixture
def dataset(folder):
    from noetra_ros.perception.training.dataset import load_scenes

    return load_scenes(folder)


@pytest.fixture
def tiny_settings():
    from noetra_ros.perception.models.scene_network import SceneShape
    from noetra_ros.perception.training.settings import SceneSettings

    return SceneSettings(
        steps=30,
        batch_size=4,
        warm_up_steps=5,
        check_every_steps=10,
        keep_every=3,
        average_memory=0.9,
        shape=SceneShape(half=8, quarter=8, eighth=8, sixteenth=8),
    )
