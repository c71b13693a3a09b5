"""What the pages show as files works as written: channels, own check, own policy, sectors, trajectories."""

import math
import re

import numpy as np
import pytest
import yaml
from blocks import REPO, read_blocks

import noetra_ros.policy.backends as backends
import noetra_ros.safety.checks as checks
from noetra_ros.core.resources import config_file
from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import Command, JointState, Observation
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.policy.preflight import Serving, require_preflight
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.settings import shipped_settings
from noetra_ros.safety.supervisor import Supervisor
from noetra_ros.safety.trajectory.judging import judge_limits, judge_start
from noetra_ros.safety.trajectory.path import Path as TrajectoryPath
from noetra_ros.safety.trajectory.reading import read

HOME = np.array([0.0, -1.0, 0.9, 0.9, 0.0, 0.6])  # of the SO-101, tool at 0.1 m


def block(page: str, language: str, word: str) -> str:
    """The code block of a page and a language that holds a word."""
    found = read_blocks(REPO / "docs" / page)
    return next(each.text for each in found if each.language == language and word in each.text)


def test_the_channels_shown_load_and_can_be_gated(tmp_path):
    values = yaml.safe_load(config_file("robots", "so101").read_text(encoding="utf-8"))
    values["channels"] |= yaml.safe_load(block("channels.md", "yaml", "ee_twist"))["channels"]
    path = tmp_path / "so101.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    robot = load_robot(str(path))
    servo, hand = (channel_limits(robot, robot.channel(name)) for name in ("servo", "hand"))
    assert (servo.frame, servo.axes[0].velocity) == ("base_link", pytest.approx(0.58 * 0.25, rel=0.01))
    assert (hand.effort.most, hand.effort.unit, hand.axes[0].unit) == (40.0, "N", "m")


def test_own_check_is_found_by_its_file_and_needs_its_setting(tmp_path, monkeypatch):
    text = block("own_parts.md", "python", "ToolHeight")
    (tmp_path / "tool_height.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    profile = load_robot("so101")
    limits = channel_limits(profile, profile.channel())
    running = build_checks(["tool_height"], {"lowest_m": 0.02}, limits).running
    assert running["tool_height"].lowest_m == 0.02
    with pytest.raises(Exception, match="lowest_m"):
        build_checks(["tool_height"], {}, limits)
    for lowest_m, mode in ((0.02, Mode.ACTIVE), (0.5, Mode.PROTECTIVE_STOP)):
        running = build_checks(["tool_height"], {"lowest_m": lowest_m}, limits).running
        supervisor = Supervisor(limits, running, shipped_settings())
        supervisor.on_joint_state(HOME, 0)
        supervisor.tick(0)
        assert supervisor.arm(0).refusal == ""
        report = supervisor.on_command(Command(limits.kind, HOME, 10_000_000)).report
        assert report.mode is mode and ("0.100 m high" in report.reason) == (lowest_m > 0.1)


def test_own_policy_is_found_and_answers(tmp_path, monkeypatch):
    (tmp_path / "nod.py").write_text(block("own_parts.md", "python", "Nod"), encoding="utf-8")
    monkeypatch.setattr(backends, "__path__", [*backends.__path__, str(tmp_path)])
    profile = load_robot("so101")
    policy = create_backend("nod", BackendOptions(robot=profile))
    require_preflight(policy.spec, Serving(profile, "arm", is_simulation=True))
    still = np.zeros(6)
    joints = JointState(0, profile.joint_names, still, still, still)
    chunk = policy.infer(Observation(1_000_000_000, "nod", joints))
    assert chunk.values.shape == (8, 6)
    assert chunk.values[0, 4] == pytest.approx(0.2 * np.sin(1.1))


def test_the_trajectory_shown_starts_from_home():
    text = block("supervisor_alone.md", "bash", "trajectory_msgs/msg/JointTrajectory")
    message = yaml.safe_load(re.search(r'"(\{\s*joint_names.*\})"', text, re.DOTALL)[1])
    points = tuple(
        TrajectoryPoint(
            float(point["time_from_start"]["sec"]),
            *(np.array(point[name], dtype=float) for name in ("positions", "velocities", "accelerations")),
        )
        for point in message["points"]
    )
    profile = load_robot("so101")
    limits = channel_limits(profile, profile.channel("arm_trajectory"))
    home = tuple(profile.sim.home[name] for name in profile.joint_names)
    plan = read(Trajectory(tuple(message["joint_names"]), points, 0), 0.0, limits)
    path = TrajectoryPath(plan.spline(home), 0.0, limits)
    assert judge_start(path, home, limits) is None and judge_limits(path, limits) is None


def test_the_sector_shown_is_laid_over_another(tmp_path):
    from noetra_ros.ros.effective_settings import settings_in_force

    path = tmp_path / "ward_7.yaml"
    path.write_text(block("sectors.md", "yaml", "ward_7"), encoding="utf-8")
    found = settings_in_force("diffbot", ["medical", str(path)]).settings["supervisor"]
    assert (found["base_speed_mps"].value, found["human_speed_mps"].value) == (0.3, 2.0)
    assert (found["language"].value, found["reset_by"].value) == ("ja", "key")


def test_a_base_with_two_scanners_as_shown(tmp_path):
    """Front and rear: both are streams of scans, whatever they are called."""
    channel = {"kind": "base_twist", "topic": "cmd_vel", "message": "geometry_msgs/Twist", "rate_hz": 20.0}
    whole = yaml.safe_load(block("around_the_robot.md", "yaml", "scan_rear")) | {
        "name": "cart", "description": "cart", "base_frame": "base_link", "default_channel": "wheels",
        "channels": {"wheels": {**channel, "controller_timeout_s": 0.5}},
    }  # fmt: skip
    path = tmp_path / "cart.yaml"
    path.write_text(yaml.safe_dump(whole))
    profile = load_robot(str(path))
    limits = channel_limits(profile, profile.channel())
    assert limits.scanners == ("scan", "scan_rear") and limits.cornering_mps2 == 1.0
    assert limits.footprint is not None and limits.footprint.reach_m == pytest.approx(math.hypot(0.4, 0.25))
