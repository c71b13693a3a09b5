"""The live page in the browser; beside a running graph, not part of it: the robot does not stop for it."""

from launch import LaunchDescription

from noetra_ros.ros.launch_arguments import FOR_VIEW, declare
from noetra_ros.ros.launching import live_page


def generate_launch_description() -> LaunchDescription:
    """Start the view node."""
    names = ["robot", "namespace", "autostart", "params_file", "log_level", *FOR_VIEW]
    return LaunchDescription([*declare(names), live_page()])
