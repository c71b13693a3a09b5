"""Starts Gazebo in the robot's place: the files written anew, the simulator, bridge, URDF and controllers.

Any robot that can be simulated: every world has a scene. What a profile
asks for and Gazebo cannot have, or targets that find no room, is refused before anything is started.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from launch import LaunchContext
from launch.actions import IncludeLaunchDescription, LogInfo, OpaqueFunction
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.launching import full_namespace
from noetra_ros.sim.gazebo.folder import URDF, WORLD, GazeboFiles, scene_of, write_folder
from noetra_ros.sim.gazebo.topics import serve

# Of ros_gz_sim's gz_sim.launch.py (ros_gz 739cb42a5846) and of `gz sim` (gz-sim8 b81e26dab4ac, src/cmd): -r
# runs at once, -s is the server alone, which draws for cameras without a screen by --headless-rendering.
RUN, HEADLESS = "-r", "-s --headless-rendering"
PACKAGES = (
    "ros_gz_sim",
    "ros_gz_bridge",
    "gz_ros2_control",
    "controller_manager",
    "robot_state_publisher",
)


def check_gazebo() -> OpaqueFunction:
    """Ends the launch before anything is started where Gazebo cannot be."""
    return OpaqueFunction(function=_check)


def _check(context: LaunchContext) -> list[Any]:
    given = dict(context.launch_configurations)
    if given["lock_step"].lower() == "true":
        remedy = "Gazebo does not wait for the graph; MuJoCo does: bringup.launch.py sim:=mujoco"
        raise single_fault("gazebo.launch.py", "lock_step", "true", "false", remedy)
    _shares(PACKAGES)
    profile = load_robot(given["robot"])
    serve(profile)
    scene_of(profile, _seed(given["seed"]))
    return []


def gazebo() -> OpaqueFunction:
    """Gazebo and what belongs to it; arguments: robot, namespace, seed, headless.

    Put it last: the file of ros_gz_sim that it includes changes what ThisLaunchFileDir means behind it.
    """
    return OpaqueFunction(function=_gazebo_actions)


def _gazebo_actions(context: LaunchContext) -> list[Any]:
    given = dict(context.launch_configurations)
    shares = _shares(PACKAGES)
    profile = load_robot(given["robot"])
    namespace = full_namespace(given).strip("/")
    scene = scene_of(profile, _seed(given["seed"]))
    files = write_folder(profile, scene, Path(tempfile.mkdtemp(prefix="noetra_gazebo_")), namespace)
    unserved = [LogInfo(msg=f"not served: {topic}: {why}") for topic, why in files.service.missing.items()]
    simulator = _simulator(files, shares["ros_gz_sim"], given["headless"].lower() == "true")
    return [
        LogInfo(msg=f"files for Gazebo: {files.folder}"),
        *unserved,
        *(_bridge(files, name, namespace) for name in files.bridges),
        _robot_description(files, namespace),
        *_spawners(files, namespace),
        simulator,
    ]


def _seed(word: str) -> int:
    if not word.isdecimal():
        raise single_fault("gazebo.launch.py", "seed", repr(word), "a whole number from 0 on")
    return int(word)


def _shares(packages: Sequence[str]) -> dict[str, Path]:
    """Share folders of packages that have to be installed.

    Raises:
        ConfigError: each that is not.
    """
    from ament_index_python.packages import PackageNotFoundError, get_package_share_directory

    found, faults = {}, []
    for package in packages:
        try:
            found[package] = Path(get_package_share_directory(package))
        except PackageNotFoundError:
            remedy = "sudo apt install ros-$ROS_DISTRO-ros-gz ros-$ROS_DISTRO-gz-ros2-control "
            remedy += "ros-$ROS_DISTRO-ros2-controllers ros-$ROS_DISTRO-robot-state-publisher"
            faults.append(Fault(package, "not installed", "a package of this ROS distribution", remedy))
    if faults:
        raise ConfigError("gazebo.launch.py", faults)
    return found


def _simulator(files: GazeboFiles, share: Path, is_headless: bool) -> IncludeLaunchDescription:
    words = [RUN, *([HEADLESS] if is_headless else []), str(files.path(WORLD))]
    source = PythonLaunchDescriptionSource(str(share / "launch" / "gz_sim.launch.py"))
    arguments = {"gz_args": " ".join(words), "on_exit_shutdown": "true"}
    return IncludeLaunchDescription(source, launch_arguments=arguments.items())


def _bridge(files: GazeboFiles, file: str, namespace: str) -> Node:
    return Node(
        package="ros_gz_bridge",
        executable="parameter_bridge",
        name=file.removesuffix(".yaml"),
        namespace=f"/{namespace}",
        parameters=[{"config_file": str(files.path(file)), "use_sim_time": True}],
        output="screen",
    )


def _robot_description(files: GazeboFiles, namespace: str) -> Node:
    """Tells the URDF to ros2_control in Gazebo, and places of links to whoever draws the robot."""
    text = files.path(URDF).read_text(encoding="utf-8")
    description = ParameterValue(text, value_type=str)
    return Node(
        package="robot_state_publisher",
        executable="robot_state_publisher",
        namespace=f"/{namespace}",
        parameters=[{"robot_description": description, "use_sim_time": True}],
        output="screen",
    )


def _spawners(files: GazeboFiles, namespace: str) -> list[Node]:
    """Load the controllers once their manager is there; those for joints that are taken stay inactive."""
    manager = "/".join(["", *([namespace] if namespace else []), "controller_manager"])
    nodes = []
    for is_active, words in ((True, []), (False, ["--inactive"])):
        names = [c.name for c in files.service.controllers if c.is_active == is_active]
        if not names:
            continue
        arguments = [*names, "--controller-manager", manager, *words]
        place = {"package": "controller_manager", "executable": "spawner", "namespace": f"/{namespace}"}
        nodes.append(Node(**place, arguments=arguments, output="screen"))
    return nodes
