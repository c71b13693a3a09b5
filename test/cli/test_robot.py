"""noetra robot new: one file, what is open, and no file written over."""

import sys
from pathlib import Path

import pytest

from noetra_ros.cli.main import main
from noetra_ros.robots.profile import load_robot

sys.path.insert(0, str(Path(__file__).parents[1] / "robots"))
from made_arm import arm_urdf


@pytest.fixture
def urdf(tmp_path):
    path = tmp_path / "arm.urdf"
    path.write_text(arm_urdf())
    return path


def test_a_profile_is_written_and_what_is_open_is_told(urdf, tmp_path, capsys):
    assert main(["robot", "new", "--urdf", str(urdf), "--out", str(tmp_path)]) == 0
    assert load_robot(str(tmp_path / "made_arm.yaml")).joint_names[:3] == ("turn", "shoulder", "elbow")
    told = capsys.readouterr().out
    assert "joints.*.acceleration_radps2" in told
    assert "noetra eval --robot" in told


def test_it_goes_to_the_users_folder_by_itself(urdf, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    assert main(["robot", "new", "--urdf", str(urdf), "--name", "third"]) == 0
    assert load_robot("third").name == "third"


def test_a_file_that_is_there_stays(urdf, tmp_path, capsys):
    (tmp_path / "made_arm.yaml").write_text("mine")
    assert main(["robot", "new", "--urdf", str(urdf), "--out", str(tmp_path)]) == 2
    assert (tmp_path / "made_arm.yaml").read_text() == "mine"
    assert "--force" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["new"], ["check"], ["new", "--urdf", "/nobody.urdf"]])
def test_what_is_missing_is_told(words, capsys):
    assert main(["robot", *words]) == 2
    assert "got" in capsys.readouterr().err
