"""Perception and policy in one process: each picture is received, and unpacked, once for both."""

from launch import LaunchDescription

from noetra_ros.ros.launching import declare, shared_process


def generate_launch_description() -> LaunchDescription:
    """Start both nodes as one process."""
    names = ["robot", "sector", "policy", "checkpoint", "instruction", "namespace", "use_sim_time"]
    more = ["lock_step", "autostart", "params_file", "log_level"]
    return LaunchDescription([*declare([*names, *more]), shared_process()])
