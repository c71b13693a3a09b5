"""Contract of every registered backend: it honours its own spec."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.backend import BACKENDS, BackendOptions, create_backend
from noetra_ros.policy.preflight import Serving, preflight_faults


def plan(observation, rows, step_s, decided):
    return np.tile(observation.joints.positions, (rows, 1)) + 0.01


# Those that bring no model: their own tests make one and hold it against the contract.
FROM_A_CHECKPOINT = ("lerobot", "onnx", "openpi", "remote", "replay")
COMPLETE = [name for name in BACKENDS.names() if name not in FROM_A_CHECKPOINT]


def test_these_backends_ship():
    assert {"hold", "noetra_nano", "scripted", "openpi", "remote"} <= set(BACKENDS.names())


@pytest.mark.parametrize("name", [name for name in BACKENDS.names() if name in FROM_A_CHECKPOINT])
def test_without_a_checkpoint_they_ask_for_one(name, so101):
    with pytest.raises(ConfigError, match="checkpoint: got nothing"):
        create_backend(name, BackendOptions(so101))


@pytest.mark.parametrize("name", COMPLETE)
def test_every_backend_honours_its_spec(name, so101, observation):
    require_contract(create_backend(name, BackendOptions(so101, planner=plan)), so101, observation)


def require_contract(backend, so101, observation):
    """What every backend keeps to; `observation` is complete for it."""
    spec = backend.spec
    assert preflight_faults(spec, Serving(so101, is_simulation=True)) == []
    backend.load()
    assert backend.spec == spec
    chunks = [backend.infer(observation), backend.infer(observation)]
    backend.reset()
    chunks.append(backend.infer(replace(observation, stamp_ns=9_000_000)))
    assert [chunk.sequence for chunk in chunks] == [1, 2, 3]
    assert [chunk.stamp_ns for chunk in chunks] == [5_000_000, 5_000_000, 9_000_000]
    for chunk in chunks:
        assert chunk.values.shape == (spec.rows, len(spec.actions))
        assert (chunk.names, chunk.kind, chunk.channel) == (spec.actions, spec.kind, "arm")
        assert (chunk.step_s, chunk.start_offset_s) == (spec.step_s, spec.start_offset_s)
        assert (chunk.model, chunk.instruction) == (spec.model, "pick up the red cube")
    np.testing.assert_array_equal(chunks[0].values, chunks[1].values)


@pytest.mark.parametrize("name", COMPLETE)
def test_every_backend_reads_joints_by_name(name, so101, observation):
    backend = create_backend(name, BackendOptions(so101, planner=lambda o, r, s, d: np.zeros((r, 6))))
    backend.load()
    state = observation.joints
    turned = replace(state, names=state.names[::-1], positions=state.positions[::-1])
    here = backend.infer(observation).values
    backend.reset()
    np.testing.assert_array_equal(backend.infer(replace(observation, joints=turned)).values, here)


def test_an_unknown_backend_lists_the_known_ones(so101):
    with pytest.raises(ConfigError, match="one of hold, "):
        create_backend("magic", BackendOptions(so101))
