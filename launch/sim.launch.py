"""The simulated robot: MuJoCo physics, cameras, controllers and /clock."""

from launch import LaunchDescription

from noetra_ros.ros.launching import declare, graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the simulation node."""
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
    return LaunchDescription([*declare(names, {"use_sim_time": "true"}), graph_node("sim")])
