"""`noetra preflight` names every mismatch with its mend, and its exit code says whether the model fits."""

import pytest

pytest.importorskip("rclpy")

from noetra_ros.cli.main import main

pytestmark = pytest.mark.ros


def run(capsys, *words):
    """Exit code and what was printed, in one line."""
    code = main(["preflight", *words])
    return code, " ".join(capsys.readouterr().out.split())


def test_the_shipped_model_fits_the_arm_it_was_trained_on_and_is_measured(capsys):
    code, said = run(capsys, "--robot", "so101", "--model", "noetra_nano", "--calls", "2")
    assert code == 0 and "noetra_nano 1 on so101" in said and "for an answer, chunk of 0.9 s" in said
    assert said.endswith("fits") and "mismatch" not in said


def test_every_mismatch_is_told_and_the_code_is_1(capsys):
    code, said = run(capsys, "--robot", "diffbot", "--model", "noetra_nano")
    assert code == 1 and "refused: 15 mismatches" in said
    assert all(word in said for word in ("kind:", "unit:", "cameras.front:", "joints.gripper:"))


def test_the_expert_fits_in_simulation_alone(capsys):
    assert run(capsys, "--robot", "so101", "--model", "scripted")[0] == 1
    assert run(capsys, "--robot", "so101", "--model", "scripted", "--simulation")[0] == 0


def test_an_unknown_model_is_a_wrong_set_up(capsys):
    assert main(["preflight", "--robot", "so101", "--model", "oracle"]) == 2
    assert "one of" in capsys.readouterr().err
