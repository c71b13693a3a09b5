from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.checkpoint import CONFIG_FILE, read_config, write_config
from noetra_ros.policy.spec import CameraNeed


def test_a_config_comes_back_as_it_was_written(tmp_path, checkpoint):
    config = read_config(checkpoint)
    write_config(tmp_path / "copy", config)
    assert read_config(tmp_path / "copy") == config


def test_the_spec_says_what_the_network_needs(checkpoint):
    spec = read_config(checkpoint).spec()
    assert spec.model == "noetra_nano 7" and spec.unit == "rad"
    assert spec.cameras == (
        CameraNeed("front", 32, 32, resize="none"),
        CameraNeed("wrist", 32, 32, resize="none"),
    )
    assert (spec.rows, spec.step_s, spec.start_offset_s, spec.replan_s) == (4, 0.1, 0.1, 0.2)
    assert spec.joints == spec.actions and spec.joints[5] == "gripper"
    assert spec.needs_instruction and not spec.needs_truth
    assert [row.name for row in spec.statistics] == list(spec.joints)


def test_a_missing_folder_says_how_to_train(tmp_path):
    with pytest.raises(ConfigError, match=r"no such folder.*noetra train"):
        read_config(tmp_path / "nowhere")


def test_a_folder_without_config_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"config.yaml.*\n.*nothing there"):
        read_config(tmp_path)


def test_all_faults_of_a_config_come_at_once(checkpoint):
    path = checkpoint / CONFIG_FILE
    values = yaml.safe_load(path.read_text())
    values |= {"unit": "gradians", "rows": 0, "colour": "red"}
    del values["vocabulary"]
    path.write_text(yaml.safe_dump(values))
    with pytest.raises(ConfigError) as error:
        read_config(checkpoint)
    assert {"unit", "rows", "colour", "vocabulary"} <= {fault.key for fault in error.value.faults}


def test_normalisation_of_another_size_is_refused(checkpoint):
    config = read_config(checkpoint)
    with pytest.raises(ConfigError, match="4 rows of \\[5\\] numbers, expected 4 rows of 6"):
        replace(config, way_deviation=((0.1,) * 5,) * 4)


def test_pictures_of_different_sizes_are_refused(checkpoint):
    config = read_config(checkpoint)
    cameras = (config.cameras[0], replace(config.cameras[1], width_px=64))
    with pytest.raises(ConfigError, match="front 32x32, wrist 64x32"):
        replace(config, cameras=cameras)


def test_the_config_names_no_machine(checkpoint):
    text = (checkpoint / CONFIG_FILE).read_text()
    assert "/" not in json.dumps(yaml.safe_load(text)["training"])
