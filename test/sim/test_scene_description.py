"""Scenes are plain data that name no robot; what they say is where MuJoCo's world has it."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

import noetra_ros.sim
from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_names
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.person_parts import person_at
from noetra_ros.sim.scene_description import SCENES, Box, Pose, upright
from noetra_ros.sim.world import WORLDS

SIM = Path(noetra_ros.sim.__path__[0])
ARM = load_robot("so101")
ROBOTS = [*config_names("robots"), "so-101", "ur5", "ur10", "panda", "franka", "fr3"]


def test_every_world_has_a_scene():
    assert set(SCENES.names()) == set(WORLDS.names())


def test_no_file_of_the_simulation_names_a_robot():
    word = re.compile(rf"(?<![a-z0-9])({'|'.join(map(re.escape, ROBOTS))})(?![a-z0-9])", re.IGNORECASE)
    found = {str(p): word.findall(p.read_text(encoding="utf-8")) for p in SIM.rglob("*.py")}
    assert {path: names for path, names in found.items() if names} == {}


SHOWN = [("room", "diffbot"), ("table", "so101"), ("stand", "ur5e"), ("mobile", "mobile_ur5e")]


@pytest.mark.parametrize(("name", "robot"), SHOWN)
def test_names_are_unique_and_a_seed_repeats(name, robot):
    profile = load_robot(robot)
    scene = SCENES.get(name)(3, profile)
    names = [part.name for thing in scene.things for part in thing.parts] + [p.name for p in scene.fixed]
    assert len(names) == len(set(names))
    assert scene == SCENES.get(name)(3, profile) != SCENES.get(name)(4, profile)


def test_things_stand_on_the_table():
    for thing in SCENES.get("table")(1, ARM).things:
        shape = thing.parts[0].shape
        if thing.is_free and isinstance(shape, Box):
            assert thing.pose.position_m[2] == shape.half_m[2]


def test_placing_something_that_is_not_there_is_refused():
    with pytest.raises(KeyError, match="scene table: no thing is called teapot"):
        SCENES.get("table")(None, ARM).placed({"teapot": Pose()})


def test_the_stand_has_a_plinth_or_what_the_profile_says_and_a_mark_at_every_tool():
    one, two = (SCENES.get("stand")(None, load_robot(name)) for name in ("fr3", "aloha"))
    assert [part.name for part in one.fixed] == ["plinth", "floor", "room_floor"]
    assert "plinth" not in [part.name for part in two.fixed]
    assert len({mark.link for mark in two.marks}) == len({mark.part.name for mark in two.marks}) == 2


def test_a_stand_without_a_tool_is_refused():
    with pytest.raises(ConfigError, match="workspace: got nothing, expected a workspace with the tool link"):
        SCENES.get("stand")(None, dataclasses.replace(load_robot("fr3"), workspace=None))


def test_the_room_of_an_arm_on_a_base_is_that_of_a_base_with_targets_in_the_air():
    """For a seed boxes and marks are where a base alone has them."""
    base, both = (SCENES.get(name)(4, load_robot(robot)) for name, robot in (SHOWN[0], SHOWN[3]))
    count = len(base.things)
    assert both.things[:count] == base.things and both.fixed == base.fixed
    space = load_robot("mobile_ur5e").workspace
    targets_m = np.array([thing.pose.position_m for thing in both.things[count:]])
    assert targets_m.shape == (3, 3)
    assert (targets_m > np.array(space.lower_m) - 0.1).all() and (targets_m < space.upper_m).all()
    assert [mark.link for mark in both.marks] == ["tool0"] and base.marks == ()


def test_upright_turns_about_the_vertical():
    assert upright(1.0, 2.0, 3.0, np.pi).quat_wxyz == pytest.approx((0.0, 0.0, 0.0, 1.0))


def test_somebody_at_an_instant_is_where_the_world_has_them(arm_world):
    arm_world.reset(3, person="reach")
    arm_world.show(arm_world.joint_state().positions, arm_world.object_poses(), 8.0)
    _, data = arm_world.model_and_data()
    parts = person_at(3, "reach", 8.0)
    assert len(parts) == 15
    for part in parts:
        assert part.pose.position_m == pytest.approx(data.body(part.name).xpos, abs=1e-9)
        size = arm_world.model_and_data()[0].geom(part.name).size
        assert (part.shape.radius_m, part.shape.half_length_m) == pytest.approx(tuple(size[:2]), abs=1e-5)


def test_nobody_is_there_before_they_come():
    assert person_at(3, "reach", 1000.0) == ()
