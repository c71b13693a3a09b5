"""A profile that cannot be simulated says so."""

import dataclasses

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.profile import SimSettings
from noetra_ros.sim.world import WORLDS, make_world


def test_worlds_of_the_package():
    assert WORLDS.names() == ["mobile", "room", "stand", "table"]


def test_a_real_robot_only_cannot_be_simulated(arm_profile):
    with pytest.raises(ConfigError, match="sim: got nothing"):
        make_world(dataclasses.replace(arm_profile, sim=None))


def test_an_unknown_world_lists_the_known(arm_profile):
    with pytest.raises(ConfigError, match="room, stand, table"):
        make_world(dataclasses.replace(arm_profile, sim=SimSettings(world="moon")))


def test_a_wrong_joint_of_the_home_position_is_named(arm_profile):
    sim = dataclasses.replace(arm_profile.sim, home={"shoulder": 0.1})
    with pytest.raises(ConfigError, match=r"sim.home.shoulder: .* expected one of shoulder_pan"):
        make_world(dataclasses.replace(arm_profile, sim=sim))
