"""Plain `colcon build` of the repository inside a workspace; what it installs runs from there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.ros, pytest.mark.slow, pytest.mark.timeout(900)]

NODES = ("sim_node", "policy_node", "streamer_node", "supervisor_node")
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv*", "build", "install", "log", "out", "__pycache__", ".*_cache"
)


def environ() -> dict[str, str]:
    """Variables of an activated environment; the wheels' prefix as ROS where no ROS is sourced."""
    bare = {k: v for k, v in os.environ.items() if k not in ("FASTDDS_DEFAULT_PROFILES_FILE", "PYTHONPATH")}
    path = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ["PATH"]])
    wheels = {"AMENT_PREFIX_PATH": sys.prefix, "CMAKE_PREFIX_PATH": sys.prefix}
    return {**wheels, **bare, "VIRTUAL_ENV": sys.prefix, "PATH": path}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, repo):
    """A built workspace."""
    if shutil.which("colcon", path=environ()["PATH"]) is None:
        pytest.skip("colcon is not installed")
    folder = tmp_path_factory.mktemp("workspace")
    shutil.copytree(repo, folder / "src" / "noetra_ros", ignore=NOT_COPIED)
    built = subprocess.run(["colcon", "build"], cwd=folder, env=environ(), capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def run_in(workspace: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Runs a shell command with the workspace sourced, outside the source tree."""
    script = f"source {workspace}/install/setup.bash && cd / && {command}"
    return subprocess.run(["bash", "-c", script], env=environ(), capture_output=True, text=True, timeout=120)


def test_python_and_messages_come_from_the_workspace(workspace):
    run = run_in(
        workspace,
        "python -c 'import noetra_ros, noetra_ros.msg as m; print(noetra_ros.__file__, m.__file__)'",
    )
    assert run.returncode == 0, run.stderr
    assert all(Path(path).is_relative_to(workspace / "install") for path in run.stdout.split())


def test_the_command_runs_from_the_workspace(workspace):
    run = run_in(workspace, "command -v noetra && noetra --help")
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(workspace / "install")) and "doctor" in run.stdout


@pytest.mark.parametrize("node", NODES)
def test_a_node_starts_from_the_workspace_and_refuses_an_unknown_robot(workspace, node):
    node_path = workspace / "install" / "noetra_ros" / "lib" / "noetra_ros" / node
    run = run_in(workspace, f"{node_path} --ros-args -p robot:=nosuch_robot")
    assert (run.returncode, "Traceback" in run.stderr) == (2, False), run.stderr
    assert "nosuch_robot" in run.stderr and "so101" in run.stderr
