"""`noetra estop-test`: a real supervisor, a simulated robot in motion, a button; one whose wire is cut."""

import json

import pytest

from noetra_ros.cli.main import main

pytestmark = pytest.mark.ros


def run(tmp_path, *arguments):
    code = main(["estop-test", "--out", str(tmp_path), "--key", str(tmp_path / "key.pem"), *arguments])
    (path,) = tmp_path.glob("*.json")
    return code, path, json.loads(path.read_text())


@pytest.mark.parametrize("robot", ["so101", "diffbot", "aloha"])
def test_a_stop_is_proved_and_its_record_cannot_be_changed(robot, tmp_path, capsys):
    code, path, record = run(tmp_path, "--robot", robot, "--rounds", "2", "--operator", "A. Sato")
    assert code == 0, capsys.readouterr().out
    assert record["is_passed"] and record["operator"] == "A. Sato"
    assert [press["source"].split()[0] for press in record["presses"]] == ["topic", "service"]
    for press in record["presses"]:
        assert press["was_moving"] > 0.004 and max(press["travel"].values()) > 0.004
        assert 0.0 < press["told_s"] <= record["limits"]["told_s"]
        assert 0.0 < press["rest_s"] <= record["limits"]["rest_s"]
        assert press["commands_s"] > 0.0, "the stop itself is a series of commands"
    assert main(["estop-test", "--check", str(path)]) == 0
    assert "genuine" in capsys.readouterr().out
    path.write_text(path.read_text().replace("A. Sato", "B. Sato"))
    assert main(["estop-test", "--check", str(path)]) == 1
    assert "content and signature differ" in capsys.readouterr().out


def test_a_button_whose_wire_is_cut_fails_and_is_recorded(tmp_path, monkeypatch, capsys):
    from noetra_ros.cli.estop_rig import EstopRig

    monkeypatch.setattr(EstopRig, "press", lambda rig, is_pressed: None)
    code, path, record = run(tmp_path, "--robot", "so101", "--rounds", "1")
    assert code == 1
    (press,) = record["presses"]
    assert not record["is_passed"] and press["told_s"] is None
    assert any("did not lead to an emergency stop" in fault for fault in press["faults"])
    assert main(["estop-test", "--check", str(path)]) == 0
    told = capsys.readouterr().out
    assert "FAILED  press 1, topic estop" in told and "NOT PASSED" in told


def test_arming_is_tried_again_where_a_stream_was_late(tmp_path, monkeypatch):
    from noetra_ros.cli.estop_rig import EstopRig
    from noetra_ros.ros import interfaces

    asked, refusals = EstopRig.call, [(False, "joint_states is 0.128 s old")]

    def call(rig, service):
        return refusals.pop() if service is interfaces.ARM and refusals else asked(rig, service)

    monkeypatch.setattr(EstopRig, "call", call)
    code, _, record = run(tmp_path, "--robot", "so101", "--rounds", "1")
    assert (code, record["is_passed"], refusals) == (0, True, [])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--robot: got nothing"),
        (("--robot", "so101", "--joint", "nose"), "--joint: got 'nose', expected one of shoulder_pan"),
        (("--robot", "so101", "--channel", "legs"), "channel: got 'legs'"),
        (("--robot", "so101", "--sim", "gazebo"), "sim: got 'gazebo'"),
        (("--check", "nowhere.json"), "a record of estop-test"),
    ],
)
def test_what_cannot_be_done_is_one_message(arguments, words, tmp_path, capsys):
    assert main(["estop-test", "--key", str(tmp_path / "key.pem"), *arguments]) == 2
    assert words in capsys.readouterr().err
