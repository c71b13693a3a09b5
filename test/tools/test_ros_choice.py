"""Which ROS 2 the set-up takes."""

from pathlib import Path

import pytest
from noetra_setup.ros_choice import RosChoice, choose_ros, sourced_prefix


@pytest.fixture
def distro_prefix(tmp_path):
    """Something that looks like /opt/ros/<distro>."""
    (tmp_path / "share" / "rclpy").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, RosChoice("kilted", None)),
        ({"ROS_DISTRO": "jazzy"}, RosChoice("jazzy", None)),
        ({"ROS_DISTRO": "jazzy", "AMENT_PREFIX_PATH": "/nowhere"}, RosChoice("jazzy", None)),
    ],
)
def test_wheels_without_a_sourced_ros(environ, expected):
    assert choose_ros(environ) == expected


def test_a_sourced_ros_wins(distro_prefix):
    environ = {"ROS_DISTRO": "lyrical", "AMENT_PREFIX_PATH": f"/ws/install:{distro_prefix}"}
    assert choose_ros(environ) == RosChoice("lyrical", distro_prefix)


def test_an_environment_with_wheels_is_no_sourced_ros(distro_prefix):
    (distro_prefix / "pyvenv.cfg").touch()
    assert sourced_prefix({"AMENT_PREFIX_PATH": str(distro_prefix)}) is None


def test_unknown_distro_is_refused():
    with pytest.raises(ValueError, match="humble"):
        choose_ros({"ROS_DISTRO": "humble"})


def test_another_distro_than_the_sourced_one_is_refused(distro_prefix):
    with pytest.raises(ValueError, match="jazzy"):
        choose_ros({"ROS_DISTRO": "jazzy", "AMENT_PREFIX_PATH": str(distro_prefix)}, asked="kilted")


def test_one_environment_for_each_set_of_wheels():
    names = [RosChoice("kilted", None), RosChoice("jazzy", None), RosChoice("jazzy", Path("/opt/ros/jazzy"))]
    assert [choice.venv_name for choice in names] == [".venv", ".venv-jazzy", ".venv"]
