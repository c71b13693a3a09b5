"""The whole graph: supervisor, simulated robot (or none), streamer, policy; perception, black box."""

from launch import LaunchDescription

from noetra_ros.ros.launching import (
    HAS_BLACKBOX,
    HAS_PERCEPTION,
    HAS_POLICY,
    HAS_SIM,
    IS_SHARED,
    declare,
    heartbeats_of_graph,
    included,
    true_in_simulation,
)

EVERYWHERE = [
    "robot",
    "sector",
    "namespace",
    "use_sim_time",
    "lock_step",
    "autostart",
    "params_file",
    "log_level",
]
FOR_POLICY = ["policy", "checkpoint", "instruction"]
HERE_ONLY = ["sim", "perception", "share_process", "arm", "phase", "blackbox", *FOR_POLICY]


def generate_launch_description() -> LaunchDescription:
    """Include one launch file for each subsystem; the supervisor starts first."""
    heard = {"heartbeats": heartbeats_of_graph()}
    alone = f"not ({IS_SHARED})"
    return LaunchDescription(
        [
            *declare([*HERE_ONLY, *EVERYWHERE], {"use_sim_time": true_in_simulation()}),
            included("safety.launch.py", [*EVERYWHERE, "arm", "phase", "perception"], **heard),
            included("sim.launch.py", EVERYWHERE, HAS_SIM),
            included("streamer.launch.py", EVERYWHERE),
            included("perception.launch.py", EVERYWHERE, f"{HAS_PERCEPTION} and {alone}"),
            included("policy.launch.py", [*EVERYWHERE, *FOR_POLICY], f"{HAS_POLICY} and {alone}"),
            included("perception_policy.launch.py", [*EVERYWHERE, *FOR_POLICY], IS_SHARED),
            included("blackbox.launch.py", [*EVERYWHERE, "blackbox"], HAS_BLACKBOX),
        ]
    )
