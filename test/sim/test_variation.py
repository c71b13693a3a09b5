"""What is drawn stays in range, and colours stay what a person would call them."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.sim.variation import BASE_COLOURS, LEVELS, sample_variation


def draw(level, seed=0):
    return sample_variation(level, np.random.default_rng(seed), ("front",), 6)


def test_none_is_nominal_whatever_the_seed():
    drawn = draw("none", 3)
    assert drawn.friction_gain == 1.0
    assert not drawn.joint_offsets_rad.any() and not drawn.camera_offsets_m["front"].any()
    assert drawn.colours["red_cube"] == pytest.approx(BASE_COLOURS["red_cube"])


@pytest.mark.parametrize("level", ["train", "eval"])
def test_offsets_stay_in_their_range(level):
    for seed in range(50):
        drawn = draw(level, seed)
        assert np.abs(drawn.joint_offsets_rad).max() <= LEVELS[level].joint_rad
        assert np.abs(drawn.camera_offsets_m["front"]).max() <= LEVELS[level].camera_position_m
        assert abs(drawn.friction_gain - 1.0) <= LEVELS[level].friction_gain
        assert drawn.light_direction[2] < -0.5


@pytest.mark.parametrize(("name", "channel"), [("red_cube", 0), ("green_cube", 1), ("blue_cube", 2)])
def test_a_named_colour_keeps_its_hue(name, channel):
    for seed in range(100):
        assert int(np.argmax(draw("train", seed).colours[name])) == channel


def test_unknown_level_lists_the_known():
    with pytest.raises(ConfigError, match="none, train, eval"):
        draw("hard")
