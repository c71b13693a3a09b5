"""The name of the distribution: of installed wheels, or of what was sourced."""

from importlib import metadata

from noetra_ros.ros import distribution
from noetra_ros.ros.distribution import ros_distribution


def wheels_of(*names):
    """Stands for `metadata.version` where these are installed."""

    def version(package):
        if package not in [f"ros-{name}-rclpy" for name in names]:
            raise metadata.PackageNotFoundError(package)
        return "9.1.2"

    return version


def test_wheels_say_it_whatever_was_sourced(monkeypatch):
    monkeypatch.setattr(distribution.metadata, "version", wheels_of("jazzy"))
    monkeypatch.setenv("ROS_DISTRO", "humble")
    assert ros_distribution() == "jazzy"


def test_without_wheels_it_is_what_was_sourced(monkeypatch):
    monkeypatch.setattr(distribution.metadata, "version", wheels_of())
    monkeypatch.setenv("ROS_DISTRO", "lyrical")
    assert ros_distribution() == "lyrical"
    monkeypatch.delenv("ROS_DISTRO")
    assert ros_distribution() == ""
