from __future__ import annotations

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.lerobot.checkpoint import read_checkpoint


def faults_of(lerobot_folder):
    with pytest.raises(ConfigError) as error:
        read_checkpoint(lerobot_folder)
    return {fault.key: str(fault) for fault in error.value.faults}


def test_a_checkpoint_says_what_it_is(lerobot_folder):
    found = read_checkpoint(lerobot_folder.written())
    assert (found.policy, found.state_size, found.action_size, found.rows, found.history) == (
        "act",
        6,
        6,
        8,
        1,
    )
    assert found.pictures == {"observation.images.front": (96, 96), "observation.images.wrist": (96, 96)}
    assert not found.needs_instruction
    assert found.statistics["action.max"].tolist() == [40.0] * 6


def test_pictures_have_the_names_of_the_data(lerobot_folder):
    front = "observation.images.front"
    lerobot_folder.before[0]["config"]["rename_map"] = {"observation.images.top": front}
    lerobot_folder.config["input_features"]["observation.images.empty_camera_0"] = {
        "type": "VISUAL",
        "shape": [3, 4, 4],
    }
    pictures = read_checkpoint(lerobot_folder.written()).pictures
    assert list(pictures) == ["observation.images.top", "observation.images.wrist"]


def test_diffusion_answers_as_many_rows_as_it_executes_and_looks_back(lerobot_folder):
    lerobot_folder.config |= {"type": "diffusion", "n_action_steps": 5, "horizon": 16, "n_obs_steps": 2}
    found = read_checkpoint(lerobot_folder.written())
    assert (found.rows, found.history) == (5, 2)


def test_a_policy_with_a_tokenizer_needs_a_sentence(lerobot_folder):
    lerobot_folder.before.append({"registry_name": "tokenizer_processor", "config": {}})
    assert read_checkpoint(lerobot_folder.written()).needs_instruction


def test_missing_files_are_all_named(lerobot_folder):
    path = lerobot_folder.written()
    (path / "policy_preprocessor.json").unlink()
    (path / "model.safetensors").unlink()
    found = faults_of(path)
    assert set(found) == {"policy_preprocessor.json", "model.safetensors"}
    assert "migrate_policy_normalization" in found["policy_preprocessor.json"]


def test_a_missing_folder_is_named(tmp_path):
    assert "no such folder" in faults_of(tmp_path / "none")["checkpoint"]


def test_a_step_that_names_a_class_is_refused(lerobot_folder):
    lerobot_folder.before.append({"class": "os.system", "config": {}})
    assert "os.system" in faults_of(lerobot_folder.written())["steps"]


def test_what_cannot_be_run_is_told_at_once(lerobot_folder):
    lerobot_folder.config |= {"use_peft": True, "chunk_size": 0, "output_features": {}}
    lerobot_folder.config["input_features"]["observation.environment_state"] = {"type": "ENV", "shape": [3]}
    keys = set(faults_of(lerobot_folder.written()))
    assert keys == {
        "chunk_size",
        "input_features.observation.environment_state",
        "output_features.action",
        "use_peft",
    }


@pytest.mark.parametrize("name", ["config.json", "policy_preprocessor.json", "normalizer.safetensors"])
def test_a_damaged_file_is_named(lerobot_folder, name):
    path = lerobot_folder.written()
    (path / name).write_bytes(b"{")
    with pytest.raises(ConfigError, match=name):
        read_checkpoint(path)
