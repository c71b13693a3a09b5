"""Links of a URDF that are frames: a bare root is the model's own, the world carries what hangs on it."""

from xml.etree import ElementTree

import pytest
from arm_as_it_comes import urdf_text
from sdf_reading import ModelFrames

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.gazebo.frames import carrier
from noetra_ros.sim.gazebo.mended_urdf import mended
from noetra_ros.sim.gazebo.robot_model import robot_model
from noetra_ros.sim.scene_description import Mount

ARM = load_robot("ur5e")
RAISED = """<robot name="r"><link name="{root}"/><link name="top"/>
  <link name="arm"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>
  <joint name="weld" type="fixed"><parent link="{root}"/><child link="top"/><origin xyz="0 0 1"/></joint>
  <joint name="turn" type="revolute"><parent link="top"/><child link="arm"/><origin xyz="0 0 0.2"/></joint>
</robot>"""


def model_of(text, mount=Mount.FIXED):
    return robot_model(ARM, ElementTree.fromstring(text), mount, base_is_solid=True)


def test_a_joint_on_frames_that_stand_joins_its_link_to_the_world():
    model = model_of(RAISED.format(root="floor"))
    (joint,) = model.findall("joint")
    assert (joint.findtext("parent"), joint.findtext("child")) == ("world", "arm")
    assert [frame.get("name") for frame in model.findall("frame")] == ["floor", "top"]
    assert ModelFrames(model).of("arm")[:3, 3] == pytest.approx([0.0, 0.0, 1.2])


def test_a_root_called_world_needs_no_frame_of_that_name():
    model = model_of(RAISED.format(root="world"))
    assert [frame.get("name") for frame in model.findall("frame")] == ["top"]
    assert model.find("frame").get("attached_to") == "__model__"


def test_the_first_link_carries_what_is_on_the_root_frame():
    model = model_of(RAISED.format(root="floor"))
    assert carrier(model, "top").get("name") == carrier(model, "floor").get("name") == "arm"
    with pytest.raises(KeyError, match="ur5e has no link elbow"):
        carrier(model, "elbow")


def test_a_root_with_a_shape_is_a_link_that_is_bolted_to_the_world():
    text = urdf_text().replace('<link name="world"/>', "").replace('<link name="base">', '<link name="root">')
    text = text.replace('link="base"', 'link="root"').partition('<joint name="stand"')[0] + "</robot>"
    model = robot_model(ARM, mended(ElementTree.fromstring(text)), Mount.FIXED, base_is_solid=True)
    assert model.find("joint[@name='mount']").findtext("child") == "root"
    assert float(model.find("link[@name='root']").findtext("inertial/mass")) == 1e-3


def test_a_base_that_drives_needs_a_mass():
    with pytest.raises(ConfigError, match="link floor: got no mass"):
        model_of(RAISED.format(root="floor"), Mount.DRIVING)
