"""What the README shows works as written: own robot, check and policy; its tables are those of the code."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

import noetra_ros.policy.backends as backends
import noetra_ros.safety.checks as checks
from noetra_ros.cli.reference import filled
from noetra_ros.core.resources import config_file, config_names
from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import JointState, Observation
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.policy.preflight import Serving, require_preflight
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.trajectory.judging import judge_limits, judge_start
from noetra_ros.safety.trajectory.path import Path as TrajectoryPath
from noetra_ros.safety.trajectory.reading import read

README = Path(__file__).parents[2] / "README.md"


def block(language: str, word: str) -> str:
    """The README's code block of a language that holds a word."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return next(text for text in blocks if word in text)


def test_own_robot_loads(tmp_path):
    path = tmp_path / "my_base.yaml"
    path.write_text(block("yaml", "my_base"), encoding="utf-8")
    assert load_robot(str(path)).channel().message == "geometry_msgs/TwistStamped"


def test_the_channels_shown_load_and_can_be_gated(tmp_path):
    values = yaml.safe_load(config_file("robots", "so101").read_text(encoding="utf-8"))
    values["channels"] |= yaml.safe_load(block("yaml", "ee_twist"))["channels"]
    path = tmp_path / "so101.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    robot = load_robot(str(path))
    servo, hand = (channel_limits(robot, robot.channel(name)) for name in ("servo", "hand"))
    assert (servo.frame, servo.axes[0].velocity) == ("base_link", pytest.approx(0.58 * 0.25, rel=0.01))
    assert (hand.effort.most, hand.effort.unit, hand.axes[0].unit) == (40.0, "N", "m")


def test_own_check_is_found_by_its_file_and_needs_its_setting(tmp_path, monkeypatch):
    (tmp_path / "tool_height.py").write_text(block("python", "ToolHeight"), encoding="utf-8")
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    profile = load_robot("so101")
    limits = channel_limits(profile, profile.channel())
    running = build_checks(["tool_height"], {"lowest_m": 0.02}, limits).running
    assert running["tool_height"].lowest_m == 0.02
    with pytest.raises(Exception, match="lowest_m"):
        build_checks(["tool_height"], {}, limits)


def test_own_policy_is_found_and_answers(tmp_path, monkeypatch):
    (tmp_path / "nod.py").write_text(block("python", "Nod"), encoding="utf-8")
    monkeypatch.setattr(backends, "__path__", [*backends.__path__, str(tmp_path)])
    profile = load_robot("so101")
    policy = create_backend("nod", BackendOptions(robot=profile))
    require_preflight(policy.spec, Serving(profile, "arm", is_simulation=True))
    still = np.zeros(6)
    chunk = policy.infer(
        Observation(1_000_000_000, "nod", JointState(0, profile.joint_names, still, still, still))
    )
    assert chunk.values.shape == (8, 6)
    assert chunk.values[0, 4] == pytest.approx(0.2 * np.sin(1.1))


def test_the_trajectory_that_it_shows_starts_from_home():
    text = block("bash", "trajectory_msgs/msg/JointTrajectory")
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


def test_tables_are_those_of_the_code():
    text = README.read_text(encoding="utf-8")
    assert filled(text) == text, "run: noetra reference --write README.md"


def test_the_sector_that_it_shows_is_laid_over_another(tmp_path):
    from noetra_ros.ros.effective_settings import settings_in_force

    path = tmp_path / "ward_7.yaml"
    path.write_text(block("yaml", "ward_7"), encoding="utf-8")
    found = settings_in_force("diffbot", ["medical", str(path)]).settings["supervisor"]
    assert (found["base_speed_mps"].value, found["human_speed_mps"].value) == (0.3, 2.0)
    assert (found["language"].value, found["reset_by"].value) == ("ja", "key")


def test_the_sectors_that_it_names_are_those_that_ship():
    text = README.read_text(encoding="utf-8")
    named = re.search(r"^Shipped: (.*?)\. Sectors lie", text, re.MULTILINE)
    assert named is not None and named[1].split(", ") == config_names("sectors")
