from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import CameraFrame
from noetra_ros.policy.backend import BackendOptions
from noetra_ros.policy.backends.noetra_nano import NoetraNanoBackend
from noetra_ros.policy.checkpoint import WEIGHTS_FILE
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.preflight import Serving, preflight_faults
from noetra_ros.policy.several_robots import RobotRequest


@pytest.fixture
def backend(so101, checkpoint):
    made = NoetraNanoBackend(BackendOptions(so101, checkpoint=checkpoint))
    made.load()
    return made


@pytest.fixture
def seen(observation):
    frames = {
        n: CameraFrame(5_000_000, n, np.ascontiguousarray(f.rgb[:32, :32]))
        for n, f in observation.frames.items()
    }
    return replace(observation, frames=frames)


def test_a_sentence_changes_the_answer(backend, seen):
    one = backend.infer(seen).values
    other = backend.infer(replace(seen, instruction="reach for the blue cube")).values
    assert one.shape == (4, 6) and not np.array_equal(one, other)


def test_two_backends_of_one_checkpoint_agree(backend, seen, so101, checkpoint):
    twin = NoetraNanoBackend(BackendOptions(so101, checkpoint=checkpoint))
    twin.load()
    np.testing.assert_array_equal(backend.infer(seen).values, twin.infer(seen).values)


@pytest.mark.parametrize("sentence", ["", "   "])
def test_without_a_sentence_it_does_not_answer(backend, seen, sentence):
    with pytest.raises(PolicyError, match="needs a sentence"):
        backend.infer(replace(seen, instruction=sentence))


def test_before_load_it_does_not_answer(so101, checkpoint, seen):
    with pytest.raises(PolicyError, match="call load"):
        NoetraNanoBackend(BackendOptions(so101, checkpoint=checkpoint)).infer(seen)


def test_pictures_of_another_size_are_refused(backend, observation):
    with pytest.raises(PolicyError, match="expected \\(32, 32, 3\\) uint8"):
        backend.infer(observation)


def test_the_preflight_names_the_size_of_the_pictures(backend, so101):
    keys = [fault.key for fault in preflight_faults(backend.spec, Serving(so101, is_simulation=False))]
    assert keys == ["cameras.front", "cameras.wrist"]


def test_a_missing_checkpoint_is_named_at_once(so101, tmp_path):
    with pytest.raises(ConfigError, match="no such folder"):
        NoetraNanoBackend(BackendOptions(so101, checkpoint=tmp_path / "none"))


def test_damaged_weights_are_named_at_load(so101, checkpoint):
    (checkpoint / WEIGHTS_FILE).write_bytes(b"not weights at all")
    backend = NoetraNanoBackend(BackendOptions(so101, checkpoint=checkpoint))
    with pytest.raises(ConfigError, match="a whole safetensors file"):
        backend.load()


def test_the_spec_is_known_without_torch(checkpoint):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from noetra_ros.policy.backend import BackendOptions, create_backend\n"
        "from noetra_ros.robots.profile import load_robot\n"
        f"options = BackendOptions(load_robot('so101'), checkpoint=Path({str(checkpoint)!r}))\n"
        "print(create_backend('noetra_nano', options).spec.model, 'torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["noetra_nano", "7", "False"]


def test_the_shipped_model_says_how_far_it_is_to_be_trusted(so101, observation):
    shipped = NoetraNanoBackend(BackendOptions(so101))
    shipped.load()
    trusts = [shipped.infer(replace(observation, stamp_ns=k * 200_000_000)).trust for k in range(5)]
    assert trusts[-1] < 0.05  # pictures of noise are not what it was trained on


def test_without_a_trust_file_nothing_is_said(backend, seen):
    assert np.isnan(backend.infer(seen).trust)


def test_several_robots_at_a_time_get_what_each_would_get_alone(backend, seen):
    other = replace(seen, instruction="reach for the blue cube", stamp_ns=6_000_000)
    alone = [backend.infer(observation).values for observation in (seen, other)]
    chunks = backend.infer_batch([RobotRequest("left", seen), RobotRequest("right", other)])
    assert [chunk.stamp_ns for chunk in chunks] == [seen.stamp_ns, 6_000_000]
    np.testing.assert_allclose([chunk.values for chunk in chunks], alone, atol=1e-6)


def test_each_robot_is_watched_by_itself(so101, observation):
    shipped, alone = (NoetraNanoBackend(BackendOptions(so101)) for _ in range(2))
    shipped.load(), alone.load()
    rng = np.random.default_rng(1)
    for k in range(4):
        seen = replace(observation, stamp_ns=k * 200_000_000)
        moved = replace(seen.joints, positions=rng.uniform(-0.5, 0.5, 6))
        requests = [RobotRequest("left", seen), RobotRequest("right", replace(seen, joints=moved))]
        together = shipped.infer_batch(requests)[0].trust
        assert together == pytest.approx(alone.infer(seen).trust)
    shipped.forget("left")
    alone.reset()
    first = shipped.infer_batch([RobotRequest("left", observation)])[0].trust
    assert first == pytest.approx(alone.infer(observation).trust)
