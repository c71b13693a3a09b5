import dataclasses

import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_file, config_names
from noetra_ros.core.types import CommandKind
from noetra_ros.robots import load_robot


@pytest.fixture
def edited(tmp_path):
    """Writes a copy of a shipped profile with changes; returns its path."""

    def write(robot, change):
        values = yaml.safe_load(config_file("robots", robot).read_text(encoding="utf-8"))
        change(values)
        path = tmp_path / f"{robot}.yaml"
        path.write_text(yaml.safe_dump(values))
        return str(path)

    return write


def keys_of(path):
    with pytest.raises(ConfigError) as caught:
        load_robot(path)
    return [fault.key for fault in caught.value.faults]


@pytest.mark.parametrize("name", config_names("robots"))
def test_every_shipped_robot_loads(name):
    assert load_robot(name).name == name


def test_so101():
    robot = load_robot("so101")
    assert robot.joint_names == (
        "shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper",
    )  # fmt: skip
    assert robot.channel().kind is CommandKind.JOINT_POSITION
    assert robot.channel().topic == "forward_position_controller/commands"
    assert robot.urdf_path.name == "so101.urdf"


def test_diffbot():
    robot = load_robot("diffbot")
    assert robot.channel("base_stamped").message == "geometry_msgs/TwistStamped"
    assert robot.urdf_path is None


def test_unknown_robot_lists_the_known_ones():
    with pytest.raises(ConfigError, match="one of diffbot, fr3, "):
        load_robot("r2d2")


def test_unknown_channel_lists_the_known_ones():
    with pytest.raises(ConfigError, match="one of arm, arm_trajectory, tool, gripper"):
        load_robot("so101").channel("legs")


def test_missing_file():
    with pytest.raises(ConfigError, match="an existing YAML file"):
        load_robot("/nowhere/robot.yaml")


def five_faults(values):
    values["joints"]["elbow_flex"]["velocity_radps"] = "fast"
    del values["joints"]["gripper"]["jerk_radps3"]
    values["cameras"]["front"]["width_px"] = 4
    values["colour"] = "red"
    values["channels"]["arm"]["rate_hz"] = -5.0


def test_five_faults_are_named_at_once(edited):
    assert sorted(keys_of(edited("so101", five_faults))) == [
        "cameras.front.width_px",
        "channels.arm.rate_hz",
        "colour",
        "joints.elbow_flex.velocity_radps",
        "joints.gripper.jerk_radps3",
    ]


CHANGES = {
    "channels.arm.joints[0]": lambda v: v["channels"]["arm"]["joints"].__setitem__(0, "tail"),
    "default_channel": lambda v: v.update(default_channel="legs"),
    "channels.arm.message": lambda v: v["channels"]["arm"].update(message="geometry_msgs/Twist"),
    "streams.joint_states": lambda v: v["streams"].pop("joint_states"),
    "joints.gripper": lambda v: v["joints"]["gripper"].update(lower_rad=1.7),
    "joints.gripper.jerk_radps3": lambda v: v["joints"]["gripper"].update(jerk_radps3=0.0),
    "joints.gripper.upper_rad": lambda v: v["joints"]["gripper"].update(upper_rad=2.0),
    "joints.gripper.velocity_radps": lambda v: v["joints"]["gripper"].update(velocity_radps=11.0),
    "name": lambda v: v.update(name="so102"),
    "urdf": lambda v: v.update(urdf="so101/none.urdf"),
}


OBSERVATIONS = {
    "observation.frnt": lambda v: v["observation"].update(frnt=v["observation"]["front"]),
    "observation.front.max_age_s": lambda v: v["observation"]["front"].pop("max_age_s"),
    "observation.front.tolerance_s": lambda v: v["observation"]["front"].pop("tolerance_s"),
    "observation.front.align": lambda v: v["observation"]["front"].update(align="newest"),
    "cameras.front.source_width_px": lambda v: v["cameras"]["front"].update(resize="stretch"),
    "cameras.front.resize": lambda v: v["cameras"]["front"].update(resize="squeeze"),
}


OPENING = {
    "lower_m": 0.0, "upper_m": 0.08, "velocity_mps": 0.1, "acceleration_mps2": 1.0, "jerk_mps3": 50.0,
    "tracking_error_m": 0.08, "at_zero_m": 0.0, "per_joint_m": 2.0,
}  # fmt: skip


def tool(**changes):
    return lambda v: v["channels"]["tool"].update(changes)


def limits_of_tool(**changes):
    return lambda v: v["channels"]["tool"]["twist"].update(changes)


def gripper(**changes):
    return lambda v: v["channels"]["gripper"].update(changes)


HANDS = {
    "channels.tool.twist": (tool(twist=None), "got nothing, expected frame and limits"),
    "channels.tool.twist.frame": (
        limits_of_tool(frame="wrist"),
        "got 'wrist', expected one of base_link, gripper_frame_link",
    ),
    "channels.tool.twist.linear_mps3": (limits_of_tool(linear_mps3=0.0), "more than zero"),
    "channels.tool.joints": (tool(joints=["gripper"]), "a twist names no joints"),
    "channels.tool.message": (
        tool(message="sensor_msgs/JointState"),
        "TwistStamped for ee_twist",
    ),
    "channels.gripper.twist": (
        lambda v: v["channels"]["gripper"].update(twist=v["channels"]["tool"]["twist"]),
        "the channel takes gripper",
    ),
    "channels.gripper.joints": (gripper(joints=["gripper", "wrist_roll"]), "got 2 joints, expected one"),
    "channels.gripper.effort_nm": (gripper(effort_nm=None), "got nothing, expected the hardest grip"),
    "channels.gripper.force_n": (gripper(force_n=5.0), "effort_nm, the unit of this gripper"),
    "channels.gripper.opening.jerk_mps3": (
        gripper(opening={**OPENING, "jerk_mps3": 0.0}, effort_nm=None, force_n=9.0),
        "more than zero",
    ),
    "channels.gripper.opening": (
        gripper(opening={**OPENING, "upper_m": 0.0}, effort_nm=None, force_n=9.0),
        "lower_m below upper_m",
    ),
    "channels.gripper.opening.per_joint_m": (
        gripper(opening={**OPENING, "per_joint_m": 0.0}, effort_nm=None, force_n=9.0),
        "what one rad or m of the joint opens",
    ),
    "channels.arm.opening": (lambda v: v["channels"]["arm"].update(opening=OPENING), "takes joint_position"),
    "channels.arm.effort_nm": (lambda v: v["channels"]["arm"].update(effort_nm=1.0), "takes joint_position"),
}


@pytest.mark.parametrize(("key", "change", "words"), [(k, *v) for k, v in HANDS.items()], ids=HANDS)
def test_a_fault_of_a_tool_or_gripper_names_its_key_and_what_to_do(edited, key, change, words):
    with pytest.raises(ConfigError) as caught:
        load_robot(edited("so101", change))
    assert key in [fault.key for fault in caught.value.faults]
    assert words in str(caught.value)


def test_a_force_that_no_message_carries_is_refused(edited):
    path = edited("so101", gripper(message="trajectory_msgs/JointTrajectory"))
    with pytest.raises(ConfigError, match=r"effort_nm: got 1\.0, expected nothing: .* does not carry it"):
        load_robot(path)


def test_a_gripper_that_is_told_its_opening_loads(edited):
    robot = load_robot(edited("so101", gripper(opening=OPENING, effort_nm=None, force_n=9.0)))
    assert robot.channel("gripper").opening.upper_m == 0.08
    assert robot.frame_of(robot.channel("tool")) == robot.frame_of(robot.channel()) == "base_link"


@pytest.mark.parametrize(("key", "change"), OBSERVATIONS.items(), ids=OBSERVATIONS)
def test_a_fault_of_what_a_policy_sees_names_its_key(edited, key, change):
    assert key in keys_of(edited("so101", change))


@pytest.mark.parametrize(("key", "change"), CHANGES.items(), ids=CHANGES)
def test_a_fault_names_its_key(edited, key, change):
    assert key in keys_of(edited("so101", change))


def test_a_joint_that_the_urdf_lacks(edited):
    def rename(values):
        values["joints"]["tail"] = values["joints"].pop("gripper")
        for channel in values["channels"].values():
            channel["joints"] = ["tail" if name == "gripper" else name for name in channel.get("joints", [])]

    assert keys_of(edited("so101", rename)) == ["joints.tail"]


def test_a_twist_channel_needs_base_limits(edited):
    assert "base" in keys_of(edited("diffbot", lambda values: values.pop("base")))


def test_a_file_that_is_no_yaml(tmp_path):
    path = tmp_path / "so101.yaml"
    path.write_text("joints: [")
    assert keys_of(str(path)) == ["file"]


def test_cameras_by_who_looks_through_them():
    profile = load_robot("so101")
    assert profile.cameras_for("policy") == ("front", "wrist")
    assert profile.cameras_for("perception") == ("overhead",)
    assert profile.cameras_for("policy", "perception") == ("front", "wrist", "overhead")


def test_an_unknown_user_of_a_camera_is_refused():
    profile = load_robot("so101")
    cameras = {"front": dataclasses.replace(profile.cameras["front"], used_by=("ghost",))}
    with pytest.raises(ConfigError, match=r"cameras\.front\.used_by: got 'ghost', expected some of policy"):
        dataclasses.replace(profile, cameras=cameras)
