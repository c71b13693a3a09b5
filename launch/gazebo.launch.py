"""The whole graph with Gazebo as the simulated robot: world, bridge, controllers, and all of our nodes."""

from launch import LaunchDescription

from noetra_ros.ros.gazebo_launching import check_gazebo, gazebo
from noetra_ros.ros.launch_arguments import EVERYWHERE, FOR_POLICY, FOR_VIEW, NONE, declare
from noetra_ros.ros.launching import included

HERE = ["perception", "share_process", "arm", "phase", "blackbox", "view"]
GRAPH = [*HERE, *FOR_POLICY, *FOR_VIEW, *EVERYWHERE]


def generate_launch_description() -> LaunchDescription:
    """Start the graph as for a real robot, by simulated time, then Gazebo with what belongs to it."""
    return LaunchDescription(
        [
            *declare([*GRAPH, "seed", "headless"], {"use_sim_time": "true"}),
            check_gazebo(),
            included("bringup.launch.py", GRAPH, sim=NONE),
            gazebo(),
        ]
    )
