"""Names and headings of things."""

import numpy as np
import pytest

from noetra_ros.sim.scene import ObjectTruth, cube_name


def test_yaw_comes_from_the_quaternion():
    quat = np.array([np.cos(0.15), 0, 0, np.sin(0.15)])
    assert ObjectTruth(np.zeros(3), quat, np.zeros(3)).yaw_rad == pytest.approx(0.3)


def test_an_unknown_colour_lists_the_known():
    assert cube_name("red") == "red_cube"
    with pytest.raises(ValueError, match="red, green, blue"):
        cube_name("pink")
