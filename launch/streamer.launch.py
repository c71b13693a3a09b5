"""The streamer: action chunks in, setpoints at the rate of the command channel out."""

from launch import LaunchDescription

from noetra_ros.ros.launch_arguments import EVERYWHERE, declare
from noetra_ros.ros.launching import graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the streamer node."""
    return LaunchDescription([*declare(EVERYWHERE), graph_node("streamer")])
