"""The whole graph: supervisor, simulated robot (or none), streamer, policy; perception, black box, page."""

from launch import LaunchDescription

from noetra_ros.ros.launch_arguments import EVERYWHERE, FOR_POLICY, FOR_VIEW, declare
from noetra_ros.ros.launching import (
    HAS_BLACKBOX,
    HAS_PERCEPTION,
    HAS_POLICY,
    HAS_SIM,
    HAS_VIEW,
    IS_SHARED,
    heartbeats_of_graph,
    in_namespace,
    included,
    true_in_simulation,
)

HANDED = [name for name in EVERYWHERE if name != "namespace"]
HANDED_TO_VIEW = ["robot", "autostart", "params_file", "log_level"]
HERE_ONLY = ["sim", "perception", "share_process", "arm", "phase", "blackbox", "view", *FOR_POLICY, *FOR_VIEW]


def generate_launch_description() -> LaunchDescription:
    """Include one launch file for each subsystem; the supervisor starts first."""
    heard = {"heartbeats": heartbeats_of_graph()}
    alone = f"not ({IS_SHARED})"
    below = {"namespace": ""}  # of what is pushed here, once
    return LaunchDescription(
        [
            *declare([*HERE_ONLY, *EVERYWHERE], {"use_sim_time": true_in_simulation()}),
            in_namespace(
                included("safety.launch.py", [*HANDED, "arm", "phase", "perception"], **below, **heard),
                included("sim.launch.py", HANDED, HAS_SIM, **below),
                included("streamer.launch.py", HANDED, **below),
                included("perception.launch.py", HANDED, f"{HAS_PERCEPTION} and {alone}", **below),
                included("policy.launch.py", [*HANDED, *FOR_POLICY], f"{HAS_POLICY} and {alone}", **below),
                included("perception_policy.launch.py", [*HANDED, *FOR_POLICY], IS_SHARED, **below),
                included("blackbox.launch.py", [*HANDED, "blackbox"], HAS_BLACKBOX, **below),
                included("view.launch.py", [*HANDED_TO_VIEW, *FOR_VIEW], HAS_VIEW, **below),
            ),
        ]
    )
