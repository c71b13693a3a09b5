"""`colcon build` of the repository in a workspace, and `pip wheel`: what is in them, and that it runs."""

import os
import shutil
import subprocess
import sys
import zipfile
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
    quick = {"CMAKE_BUILD_TYPE": "Debug"}  # no need to optimise
    return {**wheels, **quick, **bare, "VIRTUAL_ENV": sys.prefix, "PATH": path}


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
    prefix = workspace / "install" / "noetra_ros"
    parameters = prefix / "share" / "noetra_ros" / "config" / f"{node.removesuffix('_node')}.yaml"
    arguments = f"--ros-args --params-file {parameters} -p robot:=nosuch_robot"
    run = run_in(workspace, f"{prefix}/lib/noetra_ros/{node} {arguments}")
    assert (run.returncode, "Traceback" in run.stderr) == (2, False), run.stderr
    assert "nosuch_robot" in run.stderr and "so101" in run.stderr


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory, repo):
    """Names of the files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(repo, folder / "noetra_ros", ignore=NOT_COPIED)
    command = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "-w", "wheels", "."]
    built = subprocess.run(command, cwd=folder / "noetra_ros", env=environ(), capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    [wheel] = (folder / "noetra_ros" / "wheels").glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


@pytest.mark.parametrize(
    "part",
    [
        "noetra_ros/cli/main.py",
        "noetra_ros/msg/_action_chunk.py",
        "data/lib/libnoetra_ros__rosidl_typesupport_fastrtps_c.so",
        "data/lib/noetra_ros/supervisor_node",
        "data/share/noetra_ros/config/robots/so101.yaml",
        "data/share/noetra_ros/package.xml",
        "data/share/ament_index/resource_index/packages/noetra_ros",
    ],
)
def test_the_wheel_holds(wheel_names, part):
    assert [name for name in wheel_names if name.endswith(part)]


def test_the_wheel_has_one_set_of_metadata(wheel_names):
    metadata = {name.partition("/")[0] for name in wheel_names if "-info/" in name}
    assert metadata == {"noetra_ros-0.1.0.dist-info"}
