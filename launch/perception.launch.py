"""Perception: pictures, depth, scans and clouds in; obstacles, objects and sensor reports out."""

from launch import LaunchDescription

from noetra_ros.ros.launching import declare, graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the perception node."""
    names = [
        "robot",
        "sector",
        "namespace",
        "use_sim_time",
        "lock_step",
        "autostart",
        "params_file",
        "log_level",
    ]
    return LaunchDescription([*declare(names), graph_node("perception")])
