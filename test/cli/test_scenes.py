from __future__ import annotations

import json

import numpy as np
import pytest
import yaml

from noetra_ros.cli.main import main
from noetra_ros.perception.scene_files import read_scene, read_scene_set, scene_paths


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--variation", "eval"], "eval is for evaluation only"),
        (["--seed", "999999999", "--count", "2"], "at most 999999998"),
        (["--robot", "diffbot"], "an arm with cameras"),
    ],
)
def test_what_is_kept_for_evaluation_is_not_trained_on(tmp_path, capsys, options, message):
    assert main(["scenes", "--out", str(tmp_path), *options]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.gl
@pytest.mark.slow
def test_scenes_become_a_checkpoint_that_can_be_judged(tmp_path, capsys):
    scenes, out, told = tmp_path / "scenes", tmp_path / "out", tmp_path / "told.json"
    made = ["scenes", "--out", str(scenes), "--count", "2"]
    assert main([*made, "--processes", "2"]) == 0 and main(made) == 0
    assert "2 scenes" in capsys.readouterr().out and len(scene_paths(scenes)) == 2
    options = ["--steps", "2", "--batch-size", "2", "--version", "9"]
    assert main(["train-scene", "--data", str(scenes), "--out", str(out), *options]) == 0
    config = yaml.safe_load((out / "config.yaml").read_text())
    assert config["version"] == "9" and config["training"]["scenes"] == 2
    assert (out / "losses.png").stat().st_size > 1000 and (out / "model.safetensors").is_file()
    judged = ["judge-scene", "--checkpoint", str(out), "--scenes", "1", "--json", str(told)]
    assert main(judged) == 0
    numbers = json.loads(told.read_text())
    assert numbers["model"] == "noetra_scene 9" and numbers["cameras"]["all"]["pictures"] == 9
    assert "mAP" in capsys.readouterr().out


@pytest.mark.gl
def test_a_scene_is_the_same_wherever_it_is_made(tmp_path):
    for name in "ab":
        options = ["--seed", "7", "--count", "1", "--processes", "1"]
        assert main(["scenes", "--out", str(tmp_path / name), *options]) == 0
    cameras = tuple(read_scene_set(tmp_path / "a").cameras)
    one, two = (read_scene(scene_paths(tmp_path / name)[0], cameras) for name in "ab")
    for camera in cameras:
        np.testing.assert_array_equal(one.pictures[camera], two.pictures[camera])
        np.testing.assert_array_equal(one.ids[camera], two.ids[camera])


def test_training_without_scenes_says_how_to_make_some(tmp_path, capsys):
    assert main(["train-scene", "--data", str(tmp_path), "--out", str(tmp_path / "o"), "--steps", "1"]) == 2
    said = capsys.readouterr().err
    assert "noetra scenes" in said and "Traceback" not in said


def test_steps_and_minutes_exclude_each_other(tmp_path, capsys):
    options = ["--data", str(tmp_path), "--out", str(tmp_path), "--steps", "1", "--minutes", "1"]
    assert main(["train-scene", *options]) == 2
    assert "one of the two" in capsys.readouterr().err
