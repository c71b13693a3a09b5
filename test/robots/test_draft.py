"""First profiles: what a URDF says is taken, inwards; what it does not say is an open point."""

import math
from pathlib import Path

import pytest
from made_arm import arm_urdf

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.draft import draft_profile
from noetra_ros.robots.draft_limits import draft_joint
from noetra_ros.robots.draft_text import profile_text
from noetra_ros.robots.profile import load_robot, require_filled_in
from noetra_ros.robots.urdf import UrdfJoint, resolve_urdf


def drafted(folder: Path, **changes):
    path = folder / "made_arm.urdf"
    path.write_text(arm_urdf(**changes))
    return draft_profile(path)


def test_the_written_file_loads_as_it_was_drafted(tmp_path):
    draft = drafted(tmp_path)
    path = tmp_path / "made_arm.yaml"
    path.write_text(profile_text(draft))
    assert load_robot(str(path)) == draft.profile


def test_arm_tool_and_root_are_found(tmp_path):
    profile = drafted(tmp_path).profile
    assert profile.channel().joints == ("turn", "shoulder", "elbow")
    assert (profile.base_frame, profile.workspace.tool_link) == ("base", "tool0")
    assert "finger_left" in profile.open_points["channels.gripper"]
    assert profile.joint_names == ("turn", "shoulder", "elbow", "finger_left")  # the other finger mimics it


def test_an_arm_with_a_gripper_is_taken_to_its_tool_centre_point():
    profile = draft_profile(resolve_urdf("ur5e/ur5e_gripper.urdf")).profile
    knuckle = "robotiq_85_left_knuckle_joint"
    assert profile.workspace.tool_link == "gripper_tcp" and len(profile.channel().joints) == 6
    assert set(profile.joint_names) - set(profile.channel().joints) == {knuckle}
    assert knuckle in profile.open_points["channels.gripper"]


def test_limits_go_inwards_only():
    limits = draft_joint(UrdfJoint("j", -2.0, 2.0, 3.0)).limits
    assert (limits.lower_rad, limits.upper_rad) == (-1.95, 1.95)
    assert (limits.velocity_radps, limits.acceleration_radps2, limits.jerk_radps3) == (1.0, 4.0, 80.0)


def test_a_slow_joint_stays_below_its_urdf():
    assert draft_joint(UrdfJoint("j", -2.0, 2.0, 0.7)).limits.velocity_radps == 0.35


@pytest.mark.parametrize(
    ("joint", "key"),
    [
        (UrdfJoint("j", -math.inf, math.inf, 1.0, kind="continuous"), "lower_rad, upper_rad"),
        (UrdfJoint("j", -math.inf, math.inf, 1.0), "lower_rad, upper_rad"),
        (UrdfJoint("j", -1.0, 1.0, math.inf), "velocity_radps"),
        (UrdfJoint("j", -1.0, 1.0, 0.0), "velocity_radps"),
    ],
)
def test_what_the_urdf_does_not_say_is_open(joint, key):
    assert list(draft_joint(joint).open_points) == [key]


def test_an_empty_range_is_refused():
    with pytest.raises(ConfigError, match="lower below upper"):
        draft_joint(UrdfJoint("j", 0.0, 0.0, 1.0))


def test_home_lies_in_the_workspace_with_the_tool_in_front(tmp_path):
    from noetra_ros.robots.kinematics import tool_kinematics

    profile = drafted(tmp_path).profile
    home = [profile.sim.home.get(name, 0.0) for name in profile.joint_names]
    tool_m = tool_kinematics(profile).tool_position(home)
    assert (tool_m > profile.workspace.lower_m).all()
    assert (tool_m < profile.workspace.upper_m).all()
    assert tool_m[0] > 0.1


def test_what_is_no_arm_is_refused(tmp_path):
    path = tmp_path / "cart.urdf"
    path.write_text('<robot name="cart"><link name="base"/></robot>')
    with pytest.raises(ConfigError, match="an arm of three or more"):
        draft_profile(path)


def test_a_guess_moves_no_real_robot(tmp_path):
    with pytest.raises(ConfigError, match=r"joints\.\*\.acceleration_radps2: got a guess"):
        require_filled_in(drafted(tmp_path).profile)


def test_a_profile_without_open_points_is_let_through():
    require_filled_in(load_robot("so101"))


def test_a_urdf_beside_the_profile_is_found(tmp_path):
    draft = drafted(tmp_path)
    path = tmp_path / "made_arm.yaml"
    path.write_text(profile_text(draft).replace(str(tmp_path / "made_arm.urdf"), "made_arm.urdf"))
    assert load_robot(str(path)).urdf_path == tmp_path / "made_arm.urdf"


def test_links_and_joints_of_one_name_are_kept_apart(tmp_path):
    weld = '<joint name="tip" type="fixed"><parent link="tool0"/><child link="elbow"/></joint>'
    extra = f'<link name="elbow"/>{weld}'
    assert drafted(tmp_path, extra=extra).profile.workspace.tool_link == "tool0"
