"""The policy: the model that turns pictures, joints and a sentence into action chunks."""

from launch import LaunchDescription

from noetra_ros.ros.launch_arguments import EVERYWHERE, FOR_POLICY, declare
from noetra_ros.ros.launching import graph_node


def generate_launch_description() -> LaunchDescription:
    """Start the policy node."""
    return LaunchDescription([*declare([*EVERYWHERE, *FOR_POLICY]), graph_node("policy")])
