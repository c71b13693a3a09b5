"""Wrong set-ups: one message that names every fault, exit code 2, no traceback, nothing armed."""

import json
import os
import shutil
import struct
import subprocess
import sys

import pytest
import yaml

from noetra_ros.cli.main import main
from noetra_ros.core.resources import config_file
from noetra_ros.policy.checkpoint import CONFIG_FILE, SHIPPED_FOLDER, WEIGHTS_FILE

pytestmark = pytest.mark.ros
WRONG_SETUP = 2


@pytest.fixture
def profile(tmp_path):
    """Writes a changed copy of the SO-101's profile; gives its path."""

    def write(change):
        values = yaml.safe_load(config_file("robots", "so101").read_text(encoding="utf-8"))
        change(values)
        path = tmp_path / "so101.yaml"
        path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def checkpoint(tmp_path):
    """A copy of the shipped checkpoint, to be spoilt."""
    return shutil.copytree(SHIPPED_FOLDER / "noetra_nano", tmp_path / "checkpoint")


def refused(capfd, *arguments):
    """What `noetra up` says; it must end with code 2 before anything starts."""
    code = main(["up", *arguments])
    output = capfd.readouterr()
    text = output.out + output.err
    assert code == WRONG_SETUP, text
    assert "Traceback" not in text and "starting" not in text
    return output.err


def test_an_unknown_robot_is_told_with_the_known_ones(capfd):
    message = refused(capfd, "--robot", "hal9000")
    assert "'hal9000'" in message and "so101" in message and "diffbot" in message


def test_an_unknown_policy_is_told_with_the_known_ones(capfd):
    message = refused(capfd, "--policy", "oracle")
    assert "'oracle'" in message and "noetra_nano" in message and "hold" in message


def test_a_missing_camera_is_named(capfd, profile):
    def take_off(values):
        for part in ("cameras", "observation"):
            del values[part]["wrist"]

    message = refused(capfd, "--robot", profile(take_off))
    assert "cameras.wrist: got a missing camera" in message and "front" in message


def test_a_camera_of_another_size_is_named(capfd, profile):
    robot = profile(lambda values: values["cameras"]["front"].update(width_px=640, height_px=480))
    message = refused(capfd, "--robot", robot)
    assert "cameras.front: got 640x480 px, expected 96x96 px" in message


def test_a_wrong_joint_name_is_named_wherever_it_stands(capfd, profile):
    def rename(values):
        values["joints"]["elbow"] = values["joints"].pop("elbow_flex")

    message = refused(capfd, "--robot", profile(rename))
    assert "channels.arm.joints[2]: got 'elbow_flex'" in message
    assert "channels.arm_trajectory.joints[2]: got 'elbow_flex'" in message


def test_a_profile_with_five_faults_is_told_at_once(capfd, profile):
    def spoil(values):
        values["joints"]["gripper"]["velocity_radps"] = -1.0
        del values["joints"]["wrist_roll"]["jerk_radps3"]
        values["channels"]["arm"]["message"] = "std_msgs/String"
        values["cameras"]["front"]["width_px"] = "wide"
        values["colour"] = "orange"

    message = refused(capfd, "--robot", profile(spoil))
    assert "5 faults" in message
    for key in (
        "joints.gripper.velocity_radps",
        "joints.wrist_roll.jerk_radps3",
        "channels.arm.message",
        "cameras.front.width_px",
        "colour",
    ):
        assert key in message


def test_a_checkpoint_that_is_not_there_says_how_to_get_one(capfd, tmp_path):
    message = refused(capfd, "--checkpoint", str(tmp_path / "nowhere"))
    assert "no such folder" in message and "noetra train" in message


def test_a_checkpoint_whose_config_has_faults_names_them_all(capfd, checkpoint):
    path = checkpoint / CONFIG_FILE
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    values["unit"] = "gradians"
    del values["step_s"]
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    message = refused(capfd, "--checkpoint", str(checkpoint))
    assert "2 faults" in message and "unit" in message and "step_s" in message


def test_a_sector_file_is_told_with_all_its_faults(capfd, tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text(
        "name: site\ndescription: x\nsupervisor:\n  speed_share: {value: 7.0, why: x}\n"
        "policy:\n  device: {value: cuda, why: x}\n",
        encoding="utf-8",
    )
    message = refused(capfd, "--sector", str(path))
    assert "supervisor.speed_share.value: got 7.0" in message and "policy.device" in message


def test_a_model_that_nobody_on_site_has_signed_is_refused(capfd, checkpoint):
    assert "a model that ships with noetra_ros" in refused(capfd, "--sector", "medical")
    message = refused(capfd, "--sector", "medical", "--checkpoint", str(checkpoint))
    assert "expected a signed model" in message and "noetra sign-model" in message


def test_the_expert_is_refused_on_a_real_robot(capfd):
    message = refused(capfd, "--policy", "scripted", "--sim", "none")
    assert "needs_truth" in message and "a simulation" in message


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["--sim", "gazebo"], "sim"),
        (["--log-level", "loud"], "log_level"),
        (["--params-file", "/nowhere.yaml"], "params_file"),
        (["--sim", "none", "--arm"], "arm"),
        (["--sector", "moon"], "sector"),
    ],
)
def test_wrong_words_on_the_command_line_are_told(capfd, arguments, key):
    assert f"{key}: got" in refused(capfd, *arguments)


def cut_short(path):
    path.write_bytes(path.read_bytes()[:1000])


def with_other_shapes(path):
    """Swaps the sizes of two tensors in the header: the bytes stay as many as they were."""
    raw = path.read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    wide = [name for name, row in header.items() if len(row.get("shape", [])) == 2][:2]
    for name in wide:
        header[name]["shape"] = header[name]["shape"][::-1]
    text = json.dumps(header, separators=(",", ":")).encode()
    assert len(text) <= size
    path.write_bytes(raw[:8] + text.ljust(size) + raw[8 + size :])
    return wide


def up(*arguments):
    """`noetra up` as a process; it must end by itself."""
    command = [sys.executable, "-m", "noetra_ros.cli.main", "up", *arguments]
    environment = {**os.environ, "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=110)


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [cut_short, with_other_shapes])
def test_unfit_weights_end_the_graph_with_every_fault_and_nothing_armed(checkpoint, tmp_path, spoil):
    names = spoil(checkpoint / WEIGHTS_FILE) or []
    record = tmp_path / "record"
    run = up("--sim", "none", "--checkpoint", str(checkpoint), "--record", str(record))
    assert run.returncode == WRONG_SETUP, run.stdout
    assert "policy ended with exit code 2" in run.stdout
    assert run.stdout.count(str(checkpoint / WEIGHTS_FILE)) == 1
    assert all(name in run.stdout for name in names)
    assert "Traceback" not in run.stdout + run.stderr
    audit = "".join(path.read_text() for path in (record / "audit").glob("audit-*.jsonl"))
    assert "active" not in audit.lower()
