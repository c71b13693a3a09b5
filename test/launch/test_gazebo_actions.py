"""What gazebo.launch.py starts, where ROS's launch is installed; Gazebo's own packages are stood in for."""

import pytest

from noetra_ros.core.errors import ConfigError

pytestmark = [pytest.mark.ros, pytest.mark.usefixtures("real_launch")]
GIVEN = {"robot": "so101", "namespace": "", "seed": "3", "headless": "true", "lock_step": "false"}


def context_with(**given):
    from launch import LaunchContext

    context = LaunchContext()
    context.launch_configurations.update({**GIVEN, **given})
    return context


def actions_of(monkeypatch, tmp_path, **given):
    from noetra_ros.ros import gazebo_launching

    monkeypatch.setattr(gazebo_launching, "_shares", lambda names: dict.fromkeys(names, tmp_path))
    monkeypatch.setattr(gazebo_launching.tempfile, "mkdtemp", lambda prefix: str(tmp_path))
    context = context_with(**given)
    return context, gazebo_launching._gazebo_actions(context)


def nodes_of(actions):
    from launch_ros.actions import Node

    return {action.node_executable: action for action in actions if isinstance(action, Node)}


def arguments_of_simulator(actions):
    return dict(actions[-1].launch_arguments)  # last: it changes what ThisLaunchFileDir means


def test_simulator_bridge_description_and_controllers_are_started(monkeypatch, tmp_path):
    _, actions = actions_of(monkeypatch, tmp_path)
    assert arguments_of_simulator(actions)["gz_args"] == f"-r -s --headless-rendering {tmp_path}/world.sdf"
    assert set(nodes_of(actions)) == {"parameter_bridge", "robot_state_publisher", "spawner"}
    assert sum(a.__class__.__name__ == "Node" for a in actions) == 4  # active and inactive controllers
    assert (tmp_path / "bridge.yaml").is_file()


def test_with_a_window_only_the_world_is_named(monkeypatch, tmp_path):
    _, actions = actions_of(monkeypatch, tmp_path, headless="false", robot="diffbot")
    assert arguments_of_simulator(actions)["gz_args"] == f"-r {tmp_path}/world.sdf"


@pytest.mark.parametrize("robot", ["diffbot", "mobile_ur5e"])
def test_a_base_has_a_second_bridge_for_what_comes_back(monkeypatch, tmp_path, robot):
    from launch_ros.actions import Node

    _, actions = actions_of(monkeypatch, tmp_path, robot=robot)
    programs = [action.node_executable for action in actions if isinstance(action, Node)]
    assert programs.count("parameter_bridge") == 2
    assert (tmp_path / "bridge_back.yaml").is_file()


@pytest.mark.parametrize(("robot", "trajectory"), [("ur5e", "scaled_"), ("fr3", "")])
def test_an_arm_of_the_stand_is_started_like_any_other(monkeypatch, tmp_path, robot, trajectory):
    _, actions = actions_of(monkeypatch, tmp_path, robot=robot)
    assert set(nodes_of(actions)) == {"parameter_bridge", "robot_state_publisher", "spawner"}
    assert f"{trajectory}joint_trajectory_controller" in (tmp_path / "controllers.yaml").read_text()


def test_a_node_can_be_made_of_each(monkeypatch, tmp_path):
    """Parameters are evaluated as launch does: a URDF is a string, not YAML."""
    from launch_ros.utilities import evaluate_parameters

    context, actions = actions_of(monkeypatch, tmp_path)
    node = nodes_of(actions)["robot_state_publisher"]
    (values,) = evaluate_parameters(context, node._Node__parameters)
    assert values["robot_description"].startswith("<?xml")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lock_step": "true"}, "lock_step: got true, expected false"),
        ({"seed": "-1"}, "seed: got '-1', expected a whole number from 0 on"),
    ],
)
def test_what_gazebo_cannot_do_is_refused_before_anything_starts(monkeypatch, given, said):
    from noetra_ros.ros import gazebo_launching

    monkeypatch.setattr(gazebo_launching, "_shares", lambda names: {})
    with pytest.raises(ConfigError, match=said):
        gazebo_launching._check(context_with(**given))


def test_packages_that_are_missing_are_all_named():
    from noetra_ros.ros.gazebo_launching import PACKAGES, _shares

    with pytest.raises(ConfigError) as error:
        _shares([f"no_{name}" for name in PACKAGES])
    assert len(error.value.faults) == len(PACKAGES)
    assert "ros-$ROS_DISTRO-ros-gz" in str(error.value)
