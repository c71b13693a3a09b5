"""The black box: the seconds before and after each stop, as one file."""

from launch import LaunchDescription

from noetra_ros.ros.launching import declare, graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the black box node; `blackbox:=FOLDER` has to be given."""
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
    return LaunchDescription([*declare([*names, "blackbox"]), graph_node("blackbox")])
