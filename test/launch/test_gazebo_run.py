"""gazebo.launch.py comes up where ROS's launch is installed, with programs that stand in for Gazebo's own."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from noetra_ros.core.resources import share_folder

pytestmark = [pytest.mark.ros, pytest.mark.slow, pytest.mark.usefixtures("real_launch")]
PROGRAMS = {
    "ros_gz_bridge": "parameter_bridge",
    "robot_state_publisher": "robot_state_publisher",
    "controller_manager": "spawner",
    "ros_gz_sim": "create",
    "gz_ros2_control": "none",
}
PROGRAM = """#!/bin/sh
echo "HERE $0 $*"
for word in "$@"; do [ -f "$word" ] && cat "$word"; done
exec sleep 60
"""
SIMULATOR = """
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, ExecuteProcess
from launch.substitutions import LaunchConfiguration

def generate_launch_description():
    said = ["echo HERE gazebo ", LaunchConfiguration("gz_args"), "; exec sleep 60"]
    return LaunchDescription([
        DeclareLaunchArgument("gz_args"),
        DeclareLaunchArgument("on_exit_shutdown"),
        ExecuteProcess(cmd=[said], name="gazebo", shell=True, output="screen"),
    ])
"""
LIMIT_S = 60.0


@pytest.fixture
def prefix(tmp_path):
    """An install folder with programs under the names of Gazebo's."""
    for package, program in PROGRAMS.items():
        (tmp_path / "share" / "ament_index" / "resource_index" / "packages").mkdir(
            parents=True, exist_ok=True
        )
        (tmp_path / "share" / "ament_index" / "resource_index" / "packages" / package).touch()
        (tmp_path / "share" / package / "launch").mkdir(parents=True)
        path = tmp_path / "lib" / package / program
        path.parent.mkdir(parents=True)
        path.write_text(PROGRAM, encoding="utf-8")
        path.chmod(0o755)
    (tmp_path / "share" / "ros_gz_sim" / "launch" / "gz_sim.launch.py").write_text(
        SIMULATOR, encoding="utf-8"
    )
    return tmp_path


def said_by(prefix, wanted, *arguments):
    """What the launch prints until each of `wanted` was said; it is ended by SIGINT."""
    script, file = Path(__file__).parent / "launched.py", share_folder() / "launch" / "gazebo.launch.py"
    paths = os.pathsep.join([str(prefix), os.environ.get("AMENT_PREFIX_PATH", "")])
    process = subprocess.Popen(
        [sys.executable, str(script), str(file), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "AMENT_PREFIX_PATH": paths},
    )
    guard = threading.Timer(LIMIT_S, process.send_signal, [signal.SIGINT])
    guard.start()
    lines = []
    for line in process.stdout:
        lines.append(line)
        if all(any(word in said for said in lines) for word in wanted):
            break
    guard.cancel()
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=LIMIT_S)
    return "".join(lines) + rest


@pytest.mark.timeout(180)
def test_everything_starts_with_the_files_that_were_written(prefix):
    wanted = ["HERE gazebo", "initial_value", "config_file", "--inactive", "supervisor_node-"]
    said = said_by(prefix, wanted, "robot:=so101", "policy:=none", "headless:=true", "namespace:=cell")
    for word in wanted:
        assert word in said
    assert f"HERE gazebo -r -s --headless-rendering {tempfile.gettempdir()}/" in said
    assert "not served: servo_node/delta_twist_cmds" in said
    assert "forward_position_controller --controller-manager /cell/controller_manager" in said
    assert "bridge.yaml" in said
    assert "sim_node-" not in said


@pytest.mark.timeout(180)
def test_an_arm_on_a_base_starts_with_both_bridges_and_the_controllers_of_both(prefix):
    both = "joint_state_broadcaster forward_position_controller base_controller --controller-manager"
    wanted = ["HERE gazebo", "left_wheel_joint", "bridge_back", both, "supervisor_node-"]
    said = said_by(prefix, wanted, "robot:=mobile_ur5e", "policy:=none", "headless:=true")
    for word in wanted:
        assert word in said
    assert "not served" not in said
    assert "--inactive" not in said
