"""The expert of an arm on a base sees the targets from where the base stands."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.experts.mobile import MobileExpert, seen_from_base
from noetra_ros.sim.world import make_world

PROFILE = load_robot("mobile_ur5e")


@pytest.fixture(scope="module")
def truth():
    world = make_world(PROFILE)
    world.reset(2)
    yield world.truth()
    world.close()


def moved(truth, x_m, y_m, yaw_rad):
    """The whole scene carried along: base, targets and all."""
    cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    quat = np.array([np.cos(yaw_rad / 2), 0.0, 0.0, np.sin(yaw_rad / 2)])
    objects = {
        name: dataclasses.replace(thing, position_m=turn @ thing.position_m + [x_m, y_m, 0.0], quat_wxyz=quat)
        for name, thing in truth.objects.items()
    }
    return dataclasses.replace(truth, objects=objects)


def test_wherever_the_base_stands_it_reaches_alike(truth):
    expert, q = MobileExpert(PROFILE), np.array(list(PROFILE.sim.home.values()))
    there = moved(truth, 1.0, -0.5, 2.0)
    rows = expert.action_chunk(truth, q, "reach", "red")
    assert rows.shape == (8, 6)
    assert expert.action_chunk(there, q, "reach", "red") == pytest.approx(rows, abs=1e-6)
    near, far = seen_from_base(truth).cube("red"), seen_from_base(there).cube("red")
    assert far.position_m == pytest.approx(near.position_m)


def test_it_drives_by_twists_and_grips_nothing(truth):
    expert, q = MobileExpert(PROFILE), np.array(list(PROFILE.sim.home.values()))
    assert expert.action_chunk(truth, q, "drive", "blue").shape == (8, 3)
    with pytest.raises(ConfigError, match="nothing to grip"):
        expert.action_chunk(truth, q, "pick", "blue")
