"""noetra sdf writes a folder for Gazebo, says what nobody serves, and fails on files that are not valid."""

import pytest

from noetra_ros.cli import sdf
from noetra_ros.cli.main import main

FILES = {"world.sdf", "model.sdf", "robot.urdf", "controllers.yaml", "bridge.yaml"}


def test_a_folder_is_written_and_checked(tmp_path, capsys):
    assert main(["sdf", "--robot", "so101", "--out", str(tmp_path / "so101"), "--seed", "2"]) == 0
    assert {path.name for path in (tmp_path / "so101").iterdir()} >= FILES
    told = capsys.readouterr().out
    assert "not served: gripper_controller/command: no controller of ros2_control takes" in told
    assert "valid: no element that SDF 1.9 does not know" in told


@pytest.mark.parametrize("robot", ["fr3", "g1_upper_body", "mobile_ur5e"])
def test_of_arms_on_a_stand_or_a_base_every_topic_is_served(tmp_path, capsys, robot):
    assert main(["sdf", "--robot", robot, "--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} >= FILES
    assert "not served" not in capsys.readouterr().out


def test_without_sdformat_it_says_so_and_goes_on(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sdf, "find_library", lambda: None)
    assert main(["sdf", "--robot", "diffbot", "--out", str(tmp_path)]) == 0
    assert "sdformat is not installed, so that it was not asked" in capsys.readouterr().out


def test_what_is_not_valid_is_exit_code_1(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sdf, "find_library", lambda: "libsdformat12.so.12")
    monkeypatch.setattr(sdf, "check_file", lambda path, library: "Error: something")
    assert main(["sdf", "--robot", "diffbot", "--out", str(tmp_path)]) == 1
    assert "world.sdf: Error: something" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--robot", "diffbot", "--person", "walk"], "person: got 'walk', expected nobody"),
        (["--person", "dance"], "kind: got 'dance', expected one of walk, reach, random"),
    ],
)
def test_people_that_there_are_not_are_refused(tmp_path, capsys, options, said):
    assert main(["sdf", "--out", str(tmp_path), *options]) == 2
    assert said in capsys.readouterr().err
