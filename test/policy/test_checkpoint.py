from __future__ import annotations

import json
import struct
from dataclasses import replace

import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.checkpoint import (
    CONFIG_FILE,
    WEIGHTS_FILE,
    read_config,
    read_shapes,
    require_shapes,
    write_config,
)
from noetra_ros.policy.spec import CameraNeed


def test_a_config_comes_back_as_it_was_written(tmp_path, checkpoint):
    config = read_config(checkpoint)
    write_config(tmp_path / "copy", config)
    assert read_config(tmp_path / "copy") == config


def test_the_spec_says_what_the_network_needs(checkpoint):
    spec = read_config(checkpoint).spec()
    assert spec.model == "noetra_nano 7" and spec.unit == "rad"
    assert spec.cameras == (CameraNeed("front", 32, 32), CameraNeed("wrist", 32, 32))
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


def test_shapes_are_read_from_the_header(checkpoint):
    assert read_shapes(checkpoint / WEIGHTS_FILE)["joint_mean"] == (6,)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"abc",
        struct.pack("<Q", 10**9) + b"{}",
        struct.pack("<Q", 3) + b"nah",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 10) + b'{"a": [1]}',
        struct.pack("<Q", 2) + b"{}" + b"trailing",
    ],
)
def test_what_is_no_safetensors_file_is_refused(tmp_path, content):
    path = tmp_path / WEIGHTS_FILE
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="a whole safetensors file"):
        read_shapes(path)


def test_weights_that_are_cut_short_are_refused(checkpoint):
    path = checkpoint / WEIGHTS_FILE
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ConfigError, match="its header speaks of"):
        read_shapes(path)


def test_missing_weights_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="nothing there"):
        read_shapes(tmp_path / WEIGHTS_FILE)


def test_every_tensor_that_does_not_fit_is_named(tmp_path):
    got = {"a": (2, 3), "b": (4,), "c": (1,)}
    expected = {"a": (2, 3), "b": (5,), "d": (6, 7)}
    with pytest.raises(ConfigError) as error:
        require_shapes(tmp_path, got, expected)
    assert [str(fault) for fault in error.value.faults] == [
        "d: got nothing, expected shape [6, 7]",
        "b: got shape [4], expected shape [5]",
        "c: got shape [1], expected no such tensor in this network",
    ]


def test_the_config_names_no_machine(checkpoint):
    text = (checkpoint / CONFIG_FILE).read_text()
    assert "/" not in json.dumps(yaml.safe_load(text)["training"])
