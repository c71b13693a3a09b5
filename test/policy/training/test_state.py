from __future__ import annotations

from dataclasses import replace

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.learning.state import STATE_FILE
from noetra_ros.policy.training.loop import Trainer
from noetra_ros.policy.training.prepare import make_config


@pytest.fixture
def begun(tmp_path, dataset, tiny_settings):
    config = make_config(dataset, tiny_settings, "1")
    Trainer(dataset, config, tiny_settings, tmp_path).run(stop_at_step=3)

    def again(**changes):
        return Trainer(dataset, config, replace(tiny_settings, **changes), tmp_path)

    return again


def test_the_history_comes_back(begun):
    history = begun().history
    assert (history.step, history.steps, history.check_steps) == (3, [3], [3])
    assert history.elapsed_s > 0


def test_only_the_newest_state_is_kept(begun, tmp_path):
    begun().run(stop_at_step=5)
    assert [p.name for p in tmp_path.glob("*training_state.safetensors")] == ["5.training_state.safetensors"]


def test_other_settings_are_all_named(begun):
    with pytest.raises(ConfigError) as error:
        begun(seed=3, batch_size=8)
    assert [fault.key for fault in error.value.faults] == ["seed", "batch_size"]


@pytest.mark.parametrize("content", ["", "{}", '{"history": {"speed": 1}}', "[]"])
def test_a_damaged_state_says_what_to_do(begun, tmp_path, content):
    (tmp_path / STATE_FILE).write_text(content)
    with pytest.raises(ConfigError, match="delete the state to start anew"):
        begun()


def test_lost_tensors_say_what_to_do(begun, tmp_path):
    (tmp_path / "3.training_state.safetensors").unlink()
    with pytest.raises(ConfigError, match="delete the state to start anew"):
        begun()
