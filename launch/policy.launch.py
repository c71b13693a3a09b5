"""The policy: the model that turns pictures, joints and a sentence into action chunks."""

from launch import LaunchDescription

from noetra_ros.ros.launching import declare, graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the policy node."""
    names = ["robot", "sector", "policy", "checkpoint", "instruction", "namespace", "use_sim_time"]
    more = ["lock_step", "autostart", "params_file", "log_level"]
    return LaunchDescription([*declare([*names, *more]), graph_node("policy")])
