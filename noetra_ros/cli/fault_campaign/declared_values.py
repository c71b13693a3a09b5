"""What the names in the times of config/faults.yaml mean: settings that ship, and the robot profile."""

from __future__ import annotations

from noetra_ros.core.config import read_yaml
from noetra_ros.policy.backends.swing import PERIOD_S, ROWS, STEP_S
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros.node_parameters import parameter_file
from noetra_ros.ros.supervisor_node import WRITERS_PERIOD_S

FILES = ("supervisor", "streamer", "perception")


def declared_values(profile: RobotProfile) -> dict[str, float]:
    """By name, s where it is a time: numbers of the shipped parameter files, ages, periods of the robot."""
    channel = profile.channel()
    values = {
        "period_s": 1.0 / channel.rate_hz,
        "writers_period_s": WRITERS_PERIOD_S,
        "chunk_horizon_s": (ROWS + 1) * STEP_S,
        "swing_period_s": PERIOD_S,
        "stream_max_age_s": min(stream.max_age_s for stream in profile.streams.values()),
        **{f"{name}_max_age_s": stream.max_age_s for name, stream in profile.streams.items()},
        **{f"{name}_camera_period_s": 1.0 / camera.rate_hz for name, camera in profile.cameras.items()},
    }
    if channel.controller_timeout_s is not None:
        values["controller_timeout_s"] = channel.controller_timeout_s
    for file in FILES:
        (node,) = read_yaml(parameter_file(file)).values()
        for name, value in node["ros__parameters"].items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                values[name] = float(value)
    return values
