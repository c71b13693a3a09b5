from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from noetra_ros.learning.augment import Augmentation
from noetra_ros.policy.checkpoint import read_config
from noetra_ros.policy.models.bundle import build_network, vocabulary_of
from noetra_ros.policy.models.noetra.bundle import load_weights
from noetra_ros.policy.models.noetra.flow import by_times, sample
from noetra_ros.policy.models.noetra.shape import NoetraShape, PictureShape
from noetra_ros.policy.training.flow import FlowSettings, FlowTrainer, flow_config, look_again
from noetra_ros.policy.training.prepare import make_config
from noetra_ros.policy.training.seen import Looking, look_at, read_seen, save_seen
from noetra_ros.policy.training.settings import TrainingSettings

SHAPE = NoetraShape(
    PictureShape("asked", 32, tokens=2), 1, 2, 2, 16, 32, 48, 32, 48, flow_steps=4, text="bag"
)
SETTINGS = FlowSettings(
    steps=30, batch_size=16, learning_rate=5e-3, warm_up_steps=3, check_every_steps=10, longest_prefix=2
)
LOOKING = Looking(2, 0.1, 3, 0, Augmentation())


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def first(dataset):
    torch.manual_seed(0)
    config = make_config(dataset, TrainingSettings(steps=1), "1")
    return config, build_network(config).train(False)


@pytest.fixture
def seen(dataset, first):
    return look_at(dataset, first[1], vocabulary_of(first[0]), LOOKING)


def trainer(folder, seen, first, settings=SETTINGS):
    return FlowTrainer(seen, first[1], flow_config(first[0], SHAPE, settings, "t"), settings, folder)


def test_eyes_look_twice_at_what_is_learned_and_once_at_what_is_kept_back(seen, dataset):
    learn, check = dataset.split(3)
    assert int((~seen.is_check).sum()) == 2 * len(learn) and int(seen.is_check.sum()) == len(check)


def test_what_was_seen_comes_back_from_disk(tmp_path, seen):
    assert read_seen(tmp_path) is None
    save_seen(tmp_path, seen)
    again = read_seen(tmp_path)
    assert all(torch.equal(vars(again)[name], tensor) for name, tensor in vars(seen).items())


def test_training_brings_chunks_nearer_to_the_expert(tmp_path, seen, first):
    run = trainer(tmp_path, seen, first, replace(SETTINGS, steps=120))
    before = run.check(run.network)
    history = run.run()
    assert history.checks[-1] < 0.7 * before


def test_a_resumed_run_ends_with_the_same_weights_and_the_eyes_as_they_were(tmp_path, seen, first):
    trainer(tmp_path / "whole", seen, first).run()
    trainer(tmp_path / "parts", seen, first).run(stop_at_step=10)
    trainer(tmp_path / "parts", seen, first).run()
    states = [load_weights(p, read_config(p)).state_dict() for p in (tmp_path / "whole", tmp_path / "parts")]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert torch.equal(states[0]["sentence.words.weight"], first[1].sentence.words.weight)


def test_a_trained_prefix_is_carried_on_from(tmp_path, seen, first):
    run = trainer(tmp_path, seen, first, replace(SETTINGS, steps=120))
    run.run()
    network = load_weights(tmp_path, read_config(tmp_path))
    batch = seen.rows(torch.arange(8))
    context = look_again(network, batch)
    noise = torch.randn(8, 4, 6, generator=torch.Generator().manual_seed(0))
    fixed = torch.arange(4).expand(8, 4) < 2

    def third_row(prefix):
        with torch.no_grad():
            velocity = by_times(lambda x, t: network.velocity(context, x, t), 4, fixed)
            return sample(velocity, noise, 4, prefix, fixed)[:, 2]

    higher = third_row(torch.ones(8, 4, 6)) - third_row(-torch.ones(8, 4, 6))
    assert higher.mean() > 0.0
