"""The whole graph: supervisor, simulated robot (or none), streamer, perception if asked for, policy."""

from launch import LaunchDescription

from noetra_ros.ros.launching import declare, heartbeats_of_graph, included, true_in_simulation

EVERYWHERE = ["robot", "namespace", "use_sim_time", "lock_step", "autostart", "params_file", "log_level"]
HERE_ONLY = ["sim", "policy", "perception", "checkpoint", "instruction", "arm"]


def generate_launch_description() -> LaunchDescription:
    """Include one launch file for each subsystem; the supervisor starts first."""
    heard = {"heartbeats": heartbeats_of_graph()}
    return LaunchDescription(
        [
            *declare([*HERE_ONLY, *EVERYWHERE], {"use_sim_time": true_in_simulation()}),
            included("safety.launch.py", [*EVERYWHERE, "arm", "perception"], **heard),
            included("sim.launch.py", EVERYWHERE, unless_none="sim"),
            included("streamer.launch.py", EVERYWHERE),
            included("perception.launch.py", EVERYWHERE, only_if="perception"),
            included("policy.launch.py", [*EVERYWHERE, "policy", "checkpoint", "instruction"], "policy"),
        ]
    )
