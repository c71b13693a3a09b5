"""Perception: pictures, depth, scans and clouds in; obstacles, objects and sensor reports out."""

from launch import LaunchDescription

from noetra_ros.ros.launch_arguments import EVERYWHERE, declare
from noetra_ros.ros.launching import graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the perception node."""
    return LaunchDescription([*declare(EVERYWHERE), graph_node("perception")])
