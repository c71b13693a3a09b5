"""Controllers: one active for each joint, parameters that their packages know, the URDF's part."""

from xml.etree import ElementTree

import pytest
import yaml
from arm_as_it_comes import arm_urdf
from sdf_reading import followers, rolling

from noetra_ros.core.types import CommandKind
from noetra_ros.robots.controllers import Controller
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.gazebo.controllers import HARDWARE, gazebo_controllers, hardware_joints
from noetra_ros.sim.gazebo.folder import CONTROLLERS, URDF, scene_of, write_folder

# ros-controls/ros2_controllers ed360c97d6e9 (jazzy): the parameter files of each package.
KNOWN = {
    "joint_state_broadcaster/JointStateBroadcaster": set(),
    "forward_command_controller/ForwardCommandController": {"joints", "interface_name"},
    "joint_trajectory_controller/JointTrajectoryController": {
        "joints", "command_interfaces", "state_interfaces",
    },
    "diff_drive_controller/DiffDriveController": {
        "left_wheel_names", "right_wheel_names", "wheel_separation", "wheel_radius", "base_frame_id",
        "enable_odom_tf", "cmd_vel_timeout", "linear", "angular",
    },
}  # fmt: skip


def test_of_controllers_for_the_same_joints_the_default_channels_is_active():
    active = {c.name: c.is_active for c in gazebo_controllers(load_robot("so101"))}
    assert active == {
        "joint_state_broadcaster": True,
        "forward_position_controller": True,
        "joint_trajectory_controller": False,
    }


def test_every_controller_has_a_type_and_parameters_that_it_knows(files):
    content = yaml.safe_load(files.path(CONTROLLERS).read_text(encoding="utf-8"))
    manager = content.pop("/controller_manager")["ros__parameters"]
    assert manager.pop("update_rate") == 500
    assert manager.pop("use_sim_time") is True
    assert {f"/{name}" for name in manager} == set(content)
    for name, settings in manager.items():
        given = set(content[f"/{name}"]["ros__parameters"]) - {"use_sim_time"}
        assert given == KNOWN[settings["type"]]


def test_the_base_stops_by_itself_after_the_channels_time_out():
    (controller,) = gazebo_controllers(load_robot("diffbot"))
    assert controller.parameters["cmd_vel_timeout"] == 0.5
    assert controller.parameters["linear"]["x"]["max_acceleration"] == 1.0


def test_the_urdf_names_hardware_joints_and_where_they_begin(profile, files):
    control = ElementTree.parse(files.path(URDF)).getroot().find("ros2_control")
    assert control.findtext("hardware/plugin") == HARDWARE.plugin == "gz_ros2_control/GazeboSimSystem"
    joints = {joint.get("name"): joint for joint in control.findall("joint")}
    wheels = rolling(profile)
    assert set(joints) == {*profile.joint_names, *wheels, *followers(profile)}
    words = {CommandKind.JOINT_VELOCITY: "velocity", CommandKind.JOINT_POSITION: "position"}
    taken = {joint: words[c.kind] for c in profile.channels.values() if c.kind in words for joint in c.joints}
    taken |= dict.fromkeys(wheels, "velocity")
    for name in (*profile.joint_names, *wheels):
        commands = [c.get("name") for c in joints[name].findall("command_interface")]
        assert commands == ([taken[name]] if name in taken else [])
        start = float(joints[name].findtext("state_interface/param"))
        assert start == profile.sim.home.get(name, 0.0)


def test_an_arm_on_a_base_has_the_controllers_of_both_in_one_file(tmp_path):
    robot = load_robot("mobile_ur5e")
    files = write_folder(robot, scene_of(robot, 0), tmp_path)
    content = yaml.safe_load(files.path(CONTROLLERS).read_text(encoding="utf-8"))
    manager = content["/controller_manager"]["ros__parameters"]
    names = ["joint_state_broadcaster", "forward_position_controller", "base_controller"]
    assert [name for name in manager if name not in ("update_rate", "use_sim_time")] == names
    assert all(controller.is_active for controller in files.service.controllers)
    arm, base = (content[f"/{name}"]["ros__parameters"] for name in names[1:])
    assert (arm["joints"], arm["interface_name"]) == ([*robot.joint_names], "position")
    assert (base["wheel_separation"], base["wheel_radius"]) == (0.55, 0.1)
    assert (base["linear"]["x"]["max_velocity"], base["angular"]["z"]["max_acceleration"]) == (0.5, 1.5)


def test_a_joint_that_mimics_another_is_named_without_commands():
    told = '<mimic joint="finger_left" multiplier="-2" offset="0.01"/>'
    text = arm_urdf().replace('<mimic joint="finger_left"/>', told)
    arm = Controller("arm", "", {}, joints=("turn", "finger_left"), interface="position")
    joints = hardware_joints(ElementTree.fromstring(text), [arm], {"finger_left": 0.03})
    assert [(j.name, j.commands, j.start) for j in joints] == [
        ("turn", ("position",), 0.0),
        ("finger_left", ("position",), 0.03),
        ("finger_right", (), pytest.approx(-0.05)),
    ]
