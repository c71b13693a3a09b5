"""Training a corrector: from files to a checkpoint that loads, eyes untouched, nearer to the expert."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from noetra_ros.core.errors import ConfigError
from noetra_ros.learning.augment import Augmentation
from noetra_ros.policy.correction.corrector import Ahead, create_corrector
from noetra_ros.policy.correction.episodes import AheadTrack, read_track, write_track
from noetra_ros.policy.models.bundle import build_network, vocabulary_of
from noetra_ros.policy.training.corrector import (
    CorrectorSettings,
    CorrectorTrainer,
    corrector_sheet,
    load_told,
)
from noetra_ros.policy.training.prepare import make_config
from noetra_ros.policy.training.seen import Looking, look_at
from noetra_ros.policy.training.settings import TrainingSettings

SETTINGS = CorrectorSettings(
    steps=30, batch_size=16, learning_rate=5e-3, warm_up_steps=3, check_every_steps=10, hidden=24
)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def track_of(part):
    """A chunk that stays, for each look of an episode."""
    looks, rows, _ = part.chunks.shape
    base = np.repeat(part.joints[:, np.newaxis], rows + 1, axis=1)
    return AheadTrack(base, part.joints, np.full(looks, 0.3, np.float32), np.full(looks, 0.5, np.float32))


@pytest.fixture
def told(tmp_path, dataset, episodes):
    """Written beside episodes and read again."""
    for part in episodes:
        (tmp_path / f"episode_{part.seed:09d}.npz").touch()
        write_track(tmp_path, part.seed, track_of(part))
    return load_told(dataset, (tmp_path,))


def trainer(folder, dataset, told, settings=SETTINGS):
    torch.manual_seed(0)
    first = make_config(dataset, TrainingSettings(steps=1), "1")
    eyes = build_network(first).train(False)
    seen = look_at(dataset, eyes, vocabulary_of(first), Looking(1, 0.1, 3, 0, Augmentation()))
    sheet = corrector_sheet(first, dataset, settings, "7", (0.4, 0.05), (50.0, 0.01))
    return CorrectorTrainer(seen, told, eyes, sheet, settings, folder)


def test_what_was_told_stays_with_its_look(told, dataset):
    assert len(told) == len(dataset)
    assert np.array_equal(told.planned, dataset.joints)


def test_training_brings_corrections_nearer_to_the_expert_and_leaves_the_eyes(tmp_path, dataset, told):
    run = trainer(tmp_path / "out", dataset, told, replace(SETTINGS, steps=150))
    before, eyes = run.check(run.network), run.network.sentence.words.weight.clone()
    assert run.run().checks[-1] < 0.7 * before
    assert torch.equal(run.network.sentence.words.weight, eyes)


def test_a_resumed_run_ends_with_the_same_weights(tmp_path, dataset, told):
    trainer(tmp_path / "whole", dataset, told).run()
    trainer(tmp_path / "parts", dataset, told).run(stop_at_step=10)
    trainer(tmp_path / "parts", dataset, told).run()
    whole, parts = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "parts"))
    assert whole == parts


def test_the_checkpoint_loads_and_says_its_bounds(tmp_path, dataset, told, observation):
    trainer(tmp_path / "out", dataset, told).run()
    corrector = create_corrector("noetra_nano_corrector", tmp_path / "out")
    corrector.load()
    spec = corrector.spec
    assert (spec.model, spec.rows, spec.limit_rad[0], spec.limit_rad[5]) == (
        "noetra_nano_corrector 7", 4, 0.4, 0.0,
    )  # fmt: skip
    small = {n: replace(f, rgb=np.ascontiguousarray(f.rgb[:32, :32])) for n, f in observation.frames.items()}
    joints = observation.joints.positions
    ahead = Ahead(np.tile(joints, (5, 1)), joints, 0.3, 0.5)
    assert np.isfinite(corrector.residuals(replace(observation, frames=small), ahead)).all()


def test_a_track_that_does_not_fit_its_episode_is_refused(tmp_path, episodes):
    write_track(tmp_path, 3, track_of(episodes[0]))
    with pytest.raises(ConfigError, match="base"):
        read_track(tmp_path, 3, 12, 5, 6)
    with pytest.raises(ConfigError, match="noetra corrections"):
        read_track(tmp_path, 4, 12, 4, 6)
