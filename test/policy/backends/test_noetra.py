from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import ActionPrefix, CameraFrame
from noetra_ros.policy.backend import BackendOptions, CarriesOn
from noetra_ros.policy.backends.noetra import NoetraBackend
from noetra_ros.policy.checkpoint import read_config
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.models.noetra.bundle import build_network, save_checkpoint
from noetra_ros.policy.models.noetra.shape import NoetraShape, PictureShape
from noetra_ros.policy.training.flow import FlowSettings, flow_config

SHAPE = NoetraShape(
    PictureShape("asked", 32, tokens=2), 1, 2, 2, 16, 32, 48, 32, 48, flow_steps=4, text="bag"
)


@pytest.fixture
def flow_checkpoint(tmp_path, checkpoint):
    """Untrained, for 32 x 32 pictures; it says that it was trained with prefixes of up to two rows."""
    torch.manual_seed(0)
    settings = FlowSettings(steps=1, longest_prefix=2)
    config = flow_config(read_config(checkpoint), SHAPE, settings, "t")
    network = build_network(config)
    torch.nn.init.normal_(network.give.weight, std=0.3)
    save_checkpoint(tmp_path / "flow", config, network)
    return tmp_path / "flow"


@pytest.fixture
def backend(so101, flow_checkpoint):
    made = NoetraBackend(BackendOptions(so101, checkpoint=flow_checkpoint))
    made.load()
    return made


@pytest.fixture
def seen(observation):
    frames = {
        n: CameraFrame(5_000_000, n, np.ascontiguousarray(f.rgb[:32, :32]))
        for n, f in observation.frames.items()
    }
    return replace(observation, frames=frames)


def test_the_same_observation_gets_the_same_answer(backend, seen):
    one, two = backend.infer(seen), backend.infer(seen)
    assert one.values.shape == (4, 6) and (one.sequence, two.sequence) == (1, 2)
    np.testing.assert_array_equal(one.values, two.values)


def test_it_carries_on_from_a_prefix(backend, seen):
    assert isinstance(backend, CarriesOn)
    prefix = ActionPrefix(np.full((3, 6), 0.2), frozen=2)
    carried = backend.infer_after(seen, prefix).values
    np.testing.assert_array_equal(carried[:2], prefix.values[:2])
    assert not np.array_equal(carried[2:], backend.infer(seen).values[2:])


def test_more_frozen_rows_than_were_trained_are_a_matter_for_guidance(backend, seen):
    plain = backend.infer(seen).values
    prefix = ActionPrefix(plain + 0.1, frozen=3)
    guided = backend.infer_after(seen, prefix).values
    np.testing.assert_array_equal(guided[:3], prefix.values[:3])
    assert np.abs(guided[3] - prefix.values[3]).max() < np.abs(plain[3] - prefix.values[3]).max() + 1e-9


def test_a_prefix_with_other_columns_is_refused(backend, seen):
    with pytest.raises(PolicyError, match="the prefix has 5 columns, expected 6"):
        backend.infer_after(seen, ActionPrefix(np.zeros((2, 5)), 1))


def test_a_sentence_changes_the_answer(backend, seen):
    other = backend.infer(replace(seen, instruction="reach for the blue cube")).values
    assert not np.array_equal(backend.infer(seen).values, other)


def test_without_a_sentence_or_before_load_it_does_not_answer(backend, seen, so101, flow_checkpoint):
    with pytest.raises(PolicyError, match="needs a sentence"):
        backend.infer(replace(seen, instruction=" "))
    with pytest.raises(PolicyError, match="call load"):
        NoetraBackend(BackendOptions(so101, checkpoint=flow_checkpoint)).infer(seen)


@pytest.mark.skipif(torch.cuda.is_available(), reason="speaks of a machine without a GPU")
def test_a_missing_device_is_an_error(so101, flow_checkpoint):
    backend = NoetraBackend(BackendOptions(so101, checkpoint=flow_checkpoint, device="cuda"))
    with pytest.raises(ConfigError, match="no GPU that torch can use"):
        backend.load()
