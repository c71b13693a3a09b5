"""Arms of MuJoCo's XML become a URDF: names, places, inertias and joints as they were."""

import math
from xml.etree import ElementTree

import pytest
from mjcf_arms import Arm, Reading, Slide, urdf_text

TEXT = """<mujocoinclude><body name="arm" pos="9 9 9"><geom mesh="foot"/>
  <body name="arm/upper" pos="0 0 0.1">
    <inertial pos="0.01 0 0" quat="0.70710678 0 0 0.70710678" mass="2" diaginertia="0.1 0.2 0.3"/>
    <joint name="arm/turn" axis="0 0 1" range="-1 2"/>
    <geom mesh="foot" euler="0 1.2 0" pos="0 0 0.02"/>
    <body name="arm/finger" pos="0.2 0 0" quat="0.70710678 0 0 0.70710678">
      <inertial pos="0 0 0" mass="1" diaginertia="1 1 1"/>
      <joint name="arm/slide" type="slide" axis="0 1 0" range="0 0.1"/>
    </body>
    <body name="arm/thumb">
      <inertial pos="0 0 0" mass="1" diaginertia="1 1 1"/>
      <joint name="arm/slide_back" type="slide" axis="0 1 0" range="-0.1 0"/>
    </body>
    <body name="arm/cap"><inertial pos="0 0 0" mass="1" diaginertia="1 1 1"/></body>
  </body></body></mujocoinclude>"""
READING = Reading(
    meshes={"foot": "foot.stl"},
    scale=0.001,
    limits={"turn": (5.0, 1.5)},
    tool=("tool0", "finger", (0.0, 0.0, 0.3)),
    slides={
        "slide": Slide("grip", 0.01, 0.05, 7.0, 0.2),
        "slide_back": Slide("slide_back", -0.05, -0.01, 7.0, 0.2, mimics="grip", ratio=-1.0),
    },
    dropped=("cap",),
)


@pytest.fixture(scope="module")
def urdf():
    arms = (Arm(TEXT, "left_", (-0.5, 0.0, 0.0), 0.0), Arm(TEXT, "right_", (0.5, 0.0, 0.0), math.pi))
    return ElementTree.fromstring(urdf_text("pair", "table", arms, READING))


def joint(urdf, name):
    return next(element for element in urdf.findall("joint") if element.get("name") == name)


def numbers(element, key):
    return [float(word) for word in element.get(key).split()]


def test_both_arms_stand_on_one_root_each_at_its_place(urdf):
    links = [element.get("name") for element in urdf.findall("link")]
    own = ["base_link", "upper", "finger", "thumb", "tool0"]
    assert links == ["table", *(f"left_{name}" for name in own), *(f"right_{name}" for name in own)]
    foot = joint(urdf, "right_base")
    assert foot.find("parent").get("link") == "table"
    assert numbers(foot.find("origin"), "xyz") == [0.5, 0.0, 0.0]
    assert numbers(foot.find("origin"), "rpy") == pytest.approx([0.0, 0.0, math.pi], abs=1e-4)


def test_a_joint_keeps_axis_and_range_and_gets_effort_and_speed(urdf):
    turn = joint(urdf, "left_turn")
    assert turn.get("type") == "revolute" and turn.find("axis").get("xyz") == "0 0 1"
    assert {key: float(turn.find("limit").get(key)) for key in ("lower", "upper", "effort", "velocity")} == {
        "lower": -1.0, "upper": 2.0, "effort": 5.0, "velocity": 1.5,
    }  # fmt: skip


def test_a_finger_slides_by_the_name_and_limits_that_it_is_given(urdf):
    grip = joint(urdf, "left_grip")
    assert grip.get("type") == "prismatic" and grip.find("axis").get("xyz") == "0 1 0"
    assert {key: float(value) for key, value in grip.find("limit").items()} == {
        "lower": 0.01, "upper": 0.05, "effort": 7.0, "velocity": 0.2,
    }  # fmt: skip
    assert grip.find("mimic") is None and joint(urdf, "right_grip").find("mimic") is None


def test_the_other_finger_mirrors_that_of_its_own_arm(urdf):
    for side in ("left", "right"):
        mimic = joint(urdf, f"{side}_slide_back").find("mimic")
        assert mimic.get("joint") == f"{side}_grip" and float(mimic.get("multiplier")) == -1.0


def test_moments_are_turned_from_their_principal_axes(urdf):
    (upper,) = [element for element in urdf.findall("link") if element.get("name") == "left_upper"]
    inertia = upper.find("inertial/inertia")
    found = [float(inertia.get(key)) for key in ("ixx", "iyy", "izz")]
    assert found == pytest.approx([0.2, 0.1, 0.3], abs=1e-6), "a quarter turn about z changes x and y"
    assert upper.find("inertial/mass").get("value") == "2"
    assert numbers(upper.find("visual/origin"), "rpy") == pytest.approx([0.0, 1.2, 0.0], abs=1e-4)
