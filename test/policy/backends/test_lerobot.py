"""Against a double of the host; `test/policy/lerobot/test_equality.py` holds it against LeRobot itself."""

from __future__ import annotations

import functools
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import ActionPrefix
from noetra_ros.policy.backend import BackendOptions, CarriesOn, answer_after
from noetra_ros.policy.backends import lerobot
from noetra_ros.policy.backends.lerobot import lerobot_backend
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.lerobot import environment
from noetra_ros.policy.lerobot.link import HostLink

DOUBLE = Path(__file__).parents[1] / "lerobot" / "double_host.py"


@pytest.fixture
def backend(so101, lerobot_folder, monkeypatch):
    """Loaded; its host answers the joints in deg, plus the seed."""
    monkeypatch.setenv(environment.PYTHON_VARIABLE, sys.executable)
    monkeypatch.setattr(lerobot, "HostLink", functools.partial(HostLink, program=DOUBLE))
    made = lerobot_backend(BackendOptions(so101, checkpoint=lerobot_folder.written()))
    made.load()
    yield made
    made.close()


def test_it_answers_in_rad_with_noise_that_repeats_after_reset(backend, observation):
    first, second = backend.infer(observation), backend.infer(observation)
    np.testing.assert_allclose(first.values, np.tile(observation.joints.positions, (8, 1)), atol=1e-6)
    np.testing.assert_allclose(second.values - first.values, np.deg2rad(1.0), atol=1e-6)
    backend.reset()
    np.testing.assert_array_equal(backend.infer(observation).values, first.values)
    assert (first.stamp_ns, first.names, second.sequence) == (5_000_000, backend.spec.actions, 2)


def test_what_is_decided_goes_to_lerobot_in_its_unit(so101, lerobot_folder, monkeypatch, observation):
    monkeypatch.setenv(environment.PYTHON_VARIABLE, sys.executable)
    monkeypatch.setattr(lerobot, "HostLink", functools.partial(HostLink, program=DOUBLE))
    lerobot_folder.config["type"] = "smolvla"
    made = lerobot_backend(BackendOptions(so101, checkpoint=lerobot_folder.written()))
    made.load()
    decided = ActionPrefix(np.full((20, 6), 0.5), frozen=3)
    values = answer_after(made, observation, lambda stamp_ns: decided).values
    made.close()
    np.testing.assert_allclose(values[:3], 0.5, atol=1e-6)
    np.testing.assert_allclose(values[3:], np.tile(observation.joints.positions, (5, 1)), atol=1e-6)


def test_a_policy_without_flow_is_asked_without_a_prefix(backend, observation):
    assert not isinstance(backend, CarriesOn)


@pytest.mark.parametrize(
    ("task", "words"),
    [("3", r"answered \(3, 6\), expected \(8, 6\)"), ("nan", "NaN"), ("break", "ValueError: broken")],
)
def test_a_wrong_answer_is_no_chunk(backend, observation, task, words):
    with pytest.raises(PolicyError, match=words):
        backend.infer(replace(observation, instruction=task))


def test_a_host_that_died_is_told_until_it_is_loaded_again(backend, observation):
    with pytest.raises(PolicyError, match="last words"):
        backend.infer(replace(observation, instruction="die"))
    with pytest.raises(PolicyError, match="not running"):
        backend.infer(observation)
    backend.load()
    backend.infer(observation)


def test_a_missing_camera_is_named(backend, without_camera):
    with pytest.raises(PolicyError, match="lacks camera 'wrist'"):
        backend.infer(without_camera)


def test_before_load_it_does_not_answer(so101, lerobot_folder, observation):
    with pytest.raises(PolicyError, match="call load"):
        lerobot_backend(BackendOptions(so101, checkpoint=lerobot_folder.written())).infer(observation)


def test_a_policy_that_reads_sentences_needs_one(so101, lerobot_folder, observation):
    lerobot_folder.before.append({"registry_name": "tokenizer_processor", "config": {}})
    made = lerobot_backend(BackendOptions(so101, checkpoint=lerobot_folder.written()))
    with pytest.raises(PolicyError, match="needs a sentence"):
        made.infer(replace(observation, instruction=" "))


def test_a_python_without_lerobot_is_told_at_load(so101, lerobot_folder, monkeypatch):
    monkeypatch.setenv(environment.PYTHON_VARIABLE, sys.executable)
    made = lerobot_backend(BackendOptions(so101, checkpoint=lerobot_folder.written()))
    with pytest.raises(ConfigError, match="No module named 'lerobot'"):
        made.load()


def test_without_an_environment_load_names_the_command(so101, lerobot_folder, monkeypatch, tmp_path):
    monkeypatch.setenv(environment.PYTHON_VARIABLE, str(tmp_path / "python"))
    with pytest.raises(ConfigError, match="uv pip install"):
        lerobot_backend(BackendOptions(so101, checkpoint=lerobot_folder.written())).load()


def test_without_a_checkpoint_it_says_what_to_set(so101):
    with pytest.raises(ConfigError, match="pretrained_model"):
        lerobot_backend(BackendOptions(so101))


def test_the_spec_is_known_without_torch(lerobot_folder):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from noetra_ros.policy.backend import BackendOptions, create_backend\n"
        "from noetra_ros.robots.profile import load_robot\n"
        f"options = BackendOptions(load_robot('so101'), checkpoint=Path({str(lerobot_folder.written())!r}))\n"
        "print(create_backend('lerobot', options).spec.model, 'torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["act", "my_act", "False"]
