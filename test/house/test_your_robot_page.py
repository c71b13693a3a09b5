"""docs/your_robot.md shows what works: profiles that load, commands that exist, controllers as they are."""

import inspect
import re

import pytest
import yaml

from noetra_ros.cli import eval as eval_command
from noetra_ros.cli import robot as robot_command
from noetra_ros.cli import run as run_command
from noetra_ros.cli import settings as settings_command
from noetra_ros.cli import up as up_command
from noetra_ros.cli.robot import Act
from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_names
from noetra_ros.robots.controllers import controllers_yaml
from noetra_ros.robots.profile import load_robot, require_filled_in

COMMANDS = {
    "eval": eval_command,
    "robot": robot_command,
    "run": run_command,
    "settings": settings_command,
    "up": up_command,
}


@pytest.fixture(scope="module")
def page(repo):
    return (repo / "docs" / "your_robot.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("robot", ["turtlebot4"])
def test_a_robot_of_a_guide_that_nobody_measured_is_held_back(page, robot):
    profile = load_robot(robot)
    assert f"--robot {robot}" in page and profile.released_for == "dry_run"
    with pytest.raises(ConfigError, match="TwistStamped"):
        require_filled_in(profile)


def test_every_command_and_option_exists(page):
    lines = [
        line for block in re.findall(r"```bash\n(.*?)```", page, re.DOTALL) for line in block.splitlines()
    ]
    ours = [line.split("#")[0].split() for line in lines if line.startswith("noetra ")]
    assert len(ours) >= 8
    for _, name, *words in ours:
        options = {
            f"--{option.replace('_', '-')}" for option in inspect.signature(COMMANDS[name].command).parameters
        }
        assert [word for word in words if word.startswith("--") and word not in options] == [], name
        if name == "robot":
            assert words[0] in [act.value for act in Act]


@pytest.mark.parametrize("robot", [name for name in config_names("robots") if load_robot(name).joints])
def test_the_controllers_that_ship_are_those_of_the_profiles(repo, robot):
    text = (repo / "config" / "ros2_control" / f"{robot}_controllers.yaml").read_text(encoding="utf-8")
    assert text == controllers_yaml(load_robot(robot)), f"run: noetra robot controllers {robot}"
    assert (
        yaml.safe_load(text)["forward_position_controller"]["ros__parameters"]["interface_name"] == "position"
    )
