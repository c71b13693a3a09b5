from __future__ import annotations

import json

import pytest
import yaml

from noetra_ros.cli.main import main
from noetra_ros.policy.demonstrations import DemonstrationSet, write_description


def test_without_demonstrations_it_says_how_to_make_some(tmp_path, capsys):
    assert main(["train", "--data", str(tmp_path), "--out", str(tmp_path / "out"), "--steps", "1"]) == 2
    said = capsys.readouterr().err
    assert "noetra demos" in said and "Traceback" not in said


def test_steps_and_minutes_exclude_each_other(tmp_path, capsys):
    options = ["--data", str(tmp_path), "--out", str(tmp_path), "--steps", "1", "--minutes", "1"]
    assert main(["train", *options]) == 2
    assert "one of the two" in capsys.readouterr().err


@pytest.mark.gl
def test_demonstrations_become_a_checkpoint(tmp_path):
    demos, out = tmp_path / "demos", tmp_path / "out"
    assert (
        main(["demos", "--out", str(demos), "--tasks", "reach", "--episodes", "1", "--processes", "1"]) == 0
    )
    options = ["--steps", "2", "--batch-size", "4", "--threads", "1", "--version", "9"]
    assert main(["train", "--data", str(demos), "--out", str(out), *options]) == 0
    config = yaml.safe_load((out / "config.yaml").read_text())
    assert config["version"] == "9" and config["training"]["episodes"] == 1
    assert json.loads((out / "training_state.json").read_text())["history"]["step"] == 2
    assert (out / "losses.png").stat().st_size > 1000 and (out / "model.safetensors").is_file()


def test_a_set_that_leaks_heldout_sentences_is_refused(tmp_path, capsys):
    wordings = {"pick": {"red": ("pick up the red cube",)}}
    cameras = {"front": (96, 96)}
    made = DemonstrationSet("so101", ("a",), "rad", cameras, 0.1, 8, ("pick",), 0, "train", wordings)
    write_description(tmp_path, made)
    path = tmp_path / "demonstrations.json"
    path.write_text(path.read_text().replace('"heldout": []', '"heldout": ["pick up the red cube"]'))
    assert main(["train", "--data", str(tmp_path), "--out", str(tmp_path / "o"), "--steps", "1"]) == 2
    assert "no held-out sentence" in capsys.readouterr().err
