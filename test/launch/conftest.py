"""Tells whether this machine has ROS's launch: it is not among the Python wheels."""

import importlib.util
import os
from pathlib import Path

import pytest


def missing_launch() -> str:
    """Why launch files cannot be run here; empty = they can."""
    for name in ("launch.actions", "launch_ros.actions"):
        try:
            # Our own folder `launch` is found as a package without content where ROS's is missing.
            if importlib.util.find_spec(name) is None:
                return f"{name} is not installed"
        except ModuleNotFoundError:
            return (
                f"{name.partition('.')[0]} is not installed: it comes with a ROS distribution, not as a wheel"
            )
    prefixes = [Path(p) for p in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if p]
    if not any((p / "lib" / "noetra_ros" / "supervisor_node").is_file() for p in prefixes):
        return (
            "noetra_ros is not installed in a sourced workspace: colcon build, then source install/setup.bash"
        )
    return ""


@pytest.fixture
def real_launch() -> None:
    """Skips the test, and says why, where launch files cannot be run."""
    reason = missing_launch()
    if reason:
        pytest.skip(f"launch files not run: {reason}")
