"""The safety supervisor: judges every command of one channel; useful alone, before any controller."""

from launch import LaunchDescription

from noetra_ros.ros.launch_arguments import EVERYWHERE, declare
from noetra_ros.ros.launching import graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the supervisor node."""
    return LaunchDescription(
        [*declare([*EVERYWHERE, "arm", "phase", "heartbeats", "perception"]), graph_node("supervisor")]
    )
