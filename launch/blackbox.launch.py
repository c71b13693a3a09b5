"""The black box: the seconds before and after each stop, as one file."""

from launch import LaunchDescription

from noetra_ros.ros.launch_arguments import EVERYWHERE, declare
from noetra_ros.ros.launching import graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the black box node; `blackbox:=FOLDER` has to be given."""
    return LaunchDescription([*declare([*EVERYWHERE, "blackbox"]), graph_node("blackbox")])
