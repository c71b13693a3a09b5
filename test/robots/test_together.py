"""What a profile may gate together."""

import dataclasses
import itertools

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.link_capsules import LinkCapsules
from noetra_ros.robots.profile import load_robot

MOBILE = load_robot("mobile_ur5e")


def changed(**values):
    return dataclasses.replace(MOBILE, together=dataclasses.replace(MOBILE.together, **values))


def test_the_first_is_the_one_that_is_asked_for():
    assert MOBILE.gated_with("") == ("arm", "base") and MOBILE.gated_with("base") == ("base", "arm")
    assert load_robot("so101").gated_with("gripper") == ("gripper",)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"channels": ("arm", "legs")}, "'legs'.*one of arm, base"),
        ({"channels": ("arm",)}, "two or more"),
        ({"channels": ("arm", "arm")}, "each once"),
        ({"stowed": {}}, "without elbow_joint"),
        ({"stowed": {**MOBILE.together.stowed, "tail": 0.0}}, "stowed.tail"),
    ],
)
def test_what_cannot_be_gated_together_is_named(values, words):
    with pytest.raises(ConfigError, match=words):
        changed(**values)


def test_two_channels_of_the_same_joints_are_refused():
    twin = dataclasses.replace(MOBILE.channels["arm"], topic="another")
    both = dataclasses.replace(MOBILE.together, channels=("arm", "twin"))
    with pytest.raises(ConfigError, match="nothing that two of them command"):
        dataclasses.replace(MOBILE, channels={**MOBILE.channels, "twin": twin}, together=both)


def test_stowed_the_arm_that_ships_is_above_its_footprint():
    """Also where every joint is as far off as it may be."""
    body, within = LinkCapsules(MOBILE), MOBILE.together.stowed_within_rad
    stowed = np.array([MOBILE.together.stowed[name] for name in MOBILE.joint_names])
    for signs in itertools.product((-1.0, 0.0, 1.0), repeat=5):
        assert body.reach_m(stowed + within * np.array([*signs, 0.0])) <= MOBILE.base.footprint.radius_m
