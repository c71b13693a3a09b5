"""The safety supervisor: judges every command of one channel; useful alone, before any controller."""

from launch import LaunchDescription

from noetra_ros.ros.launching import declare, graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the supervisor node."""
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
    return LaunchDescription(
        [*declare([*names, "arm", "phase", "heartbeats", "perception"]), graph_node("supervisor")]
    )
