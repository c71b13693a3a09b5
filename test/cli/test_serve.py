"""`noetra serve`: a robot is invited, a model is served, Ctrl-C ends it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import numpy as np
import pytest
import yaml

from noetra_ros.cli.main import main
from noetra_ros.core.types import JointState, Observation
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.robots.profile import load_robot


def test_an_invited_robot_is_answered_until_the_server_is_ended(tmp_path):
    assert main(["serve", "--tokens", str(tmp_path / "tokens.yaml"), "--invite", "arm1"]) == 0
    command = [sys.executable, "-m", "noetra_ros.cli.main", "serve", "--policy", "hold", "--port", "0"]
    server = subprocess.Popen(
        [*command, "--tokens", str(tmp_path / "tokens.yaml")], stdout=subprocess.PIPE, text=True
    )
    port = next(
        found[1] for line in server.stdout if (found := re.search(r"http://127\.0\.0\.1:(\d+)/", line))
    )
    link = tmp_path / "arm1.link.yaml"
    link.write_text(
        link.read_text().replace("8765", port).replace("reply_within_s: 0.5", "reply_within_s: 0.9")
    )
    robot = load_robot("so101")
    backend = create_backend("remote", BackendOptions(robot, checkpoint=link))
    backend.load()
    joints = JointState(1, robot.joint_names, np.full(6, 0.1), np.zeros(6), np.zeros(6))
    assert backend.infer(Observation(1, "", joints)).values[7, 5] == 0.1
    backend.close()
    server.send_signal(signal.SIGINT)
    assert server.wait(20) == 0 and "ended" in server.stdout.read()


def test_an_invitation_holds_all_that_a_robot_needs(tmp_path, capsys):
    (tmp_path / "cert.pem").write_text("certificate")
    options = ["--invite", "arm1", "--url", "wss://gpu:1", "--certificate", str(tmp_path / "cert.pem")]
    assert main(["serve", "--tokens", str(tmp_path / "tokens.yaml"), *options]) == 0
    link = yaml.safe_load((tmp_path / "arm1.link.yaml").read_text())
    tokens = yaml.safe_load((tmp_path / "tokens.yaml").read_text())
    assert link.pop("token") == tokens["robots"]["arm1"]
    assert link == {
        "url": "wss://gpu:1",
        "reply_within_s": 0.5,
        "plain_text": False,
        "certificate_authority": "arm1.server.pem",
    }
    assert (tmp_path / "arm1.server.pem").read_text() == "certificate"
    assert "noetra up --policy remote --checkpoint arm1.link.yaml" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--tokens", "nowhere.yaml"], "--invite NAME"),
        (["--invite", "../arm"], "letters, digits"),
        (["--invite", "arm", "--url", "gpu:1"], "ws://host:port"),
        (["--host", "0.0.0.0"], "--plain-text"),
        (["--engine", "magic"], "one of local, ray"),
    ],
)
def test_wrong_set_up_is_told_without_a_traceback(tmp_path, monkeypatch, capsys, options, words):
    monkeypatch.chdir(tmp_path)
    assert main(["serve", *options]) == 2
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said
    assert not (tmp_path / "noetra_tokens.yaml").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--policy", "scripted"], "a real robot"),
        (["--policy", "magic"], "one of"),
        (["--robot", "magic"], "so101"),
    ],
)
def test_a_model_that_cannot_be_served_is_told(tmp_path, capsys, options, words):
    tokens = ["--tokens", str(tmp_path / "tokens.yaml")]
    main(["serve", *tokens, "--invite", "arm1"])
    assert main(["serve", *tokens, "--port", "0", *options]) == 2
    assert words in capsys.readouterr().err
