"""A robot is a file: no code names one, but for the default of commands and what shows the shipped ones."""

import re

import pytest

from noetra_ros.core.resources import config_names
from noetra_ros.robots.profile import load_robot
from noetra_ros.robots.urdf import read_urdf_joints

# What commands and demonstrations take where nobody says which robot; the shipped model is of the first one.
DEFAULTS = ("so101", "diffbot")
MAKERS = ("vx300", "viperx", "interbotix", "unitree", "turtlebot", "universal robots", "franka")
SPOKEN_OF = {  # in words for people alone
    "noetra_ros/policy/openpi/sheet.py": ["aloha"],  # which way round the pictures of openpi's own models are
    "noetra_ros/robots/draft_text.py": ["ur5e"],  # a profile to look at
}
ROBOTS = tuple(name for name in config_names("robots") if name not in DEFAULTS)


@pytest.fixture(scope="module")
def code(repo):
    """Text by file: the package and its launch files, without checkpoints and assets."""
    files = [*(repo / "noetra_ros").rglob("*.py"), *(repo / "launch").rglob("*.py")]
    return {str(path.relative_to(repo)): path.read_text(encoding="utf-8").casefold() for path in files}


def found(code, words):
    assert words
    pattern = re.compile("|".join(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" for word in words))
    return {path: hits for path, text in code.items() if (hits := sorted({*pattern.findall(text)}))}


def test_no_code_names_a_robot_or_its_maker(code):
    assert len(ROBOTS) >= 4
    assert found(code, (*ROBOTS, *MAKERS)) == SPOKEN_OF


@pytest.mark.parametrize("robot", [name for name in ROBOTS if load_robot(name).urdf_path is not None])
def test_no_code_names_a_joint_of_one(code, robot):
    assert found(code, read_urdf_joints(load_robot(robot).urdf_path)) == {}


def test_the_defaults_are_named_by_commands_alone(code):
    """Not where commands are judged, robots read, pictures seen or worlds built."""
    folders = {path.split("/")[1] for path in found(code, DEFAULTS) if path.startswith("noetra_ros/")}
    assert folders <= {"cli", "ros", "evaluation", "core"}  # core: an example in a docstring
