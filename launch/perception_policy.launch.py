"""Perception and policy in one process: each picture is received, and unpacked, once for both."""

from launch import LaunchDescription

from noetra_ros.ros.launch_arguments import EVERYWHERE, FOR_POLICY, declare
from noetra_ros.ros.launching import shared_process


def generate_launch_description() -> LaunchDescription:
    """Start both nodes as one process."""
    return LaunchDescription([*declare([*EVERYWHERE, *FOR_POLICY]), shared_process()])
