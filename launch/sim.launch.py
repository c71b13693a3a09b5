"""The simulated robot: MuJoCo physics, cameras, controllers and /clock."""

from launch import LaunchDescription

from noetra_ros.ros.launch_arguments import EVERYWHERE, declare
from noetra_ros.ros.launching import graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the simulation node."""
    return LaunchDescription([*declare(EVERYWHERE, {"use_sim_time": "true"}), graph_node("sim")])
