"""Which link works and which joints are the arm's: by names, else by the chain; fingers never count."""

import pytest
from made_arm import arm_urdf, joint, link

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.urdf_tree import read_tree

FIXED = '<joint name="{0}" type="fixed"><parent link="{1}"/><child link="{2}"/></joint>'


def tree(folder, text):
    path = folder / "arm.urdf"
    path.write_text(text)
    return read_tree(path)


def test_without_a_telling_name_the_last_link_before_the_fingers_is_the_tool(tmp_path):
    built = tree(tmp_path, arm_urdf().replace("tool0", "plate"))
    assert built.tool_link() == "hand"


def test_fingers_and_what_follows_others_are_no_joints_of_the_arm(tmp_path):
    built = tree(tmp_path, arm_urdf())
    assert built.arm("left") == built.arm("right") == ("turn", "shoulder", "elbow")


def test_a_world_above_the_robot_is_not_its_root(tmp_path):
    text = arm_urdf(extra='<link name="world"/>' + FIXED.format("stand", "world", "base"))
    assert tree(tmp_path, text).root == "base"


def test_two_roots_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="one root link"):
        tree(tmp_path, arm_urdf(extra='<link name="lost"/>'))


def test_a_chain_of_nothing_but_named_fingers_still_has_a_tool(tmp_path):
    names = ("base", "a", "b", "c")
    joints = [joint(f"j{k}", names[k], names[k + 1]) for k in range(3)]
    text = f'<robot name="r">{"".join(map(link, names))}{"".join(joints)}</robot>'
    assert tree(tmp_path, text).tool_link() == "c"
