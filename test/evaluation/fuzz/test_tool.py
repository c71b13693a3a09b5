"""The oracle's own look at several tools in their boxes, and at the fastest of them."""

import numpy as np
import pytest

from noetra_ros.evaluation.fuzz.bounds import bounds_of, shipped_settings
from noetra_ros.evaluation.fuzz.tool import beyond_boxes, reduced_share, tool_chain, tools_at
from noetra_ros.robots.profile import load_robot

ROBOT = load_robot("aloha")
HOME = np.array([ROBOT.sim.home[name] for name in ROBOT.joint_names])
TURNED = HOME + np.array([0.0] * 7 + [1.9, 0.9, -0.5, 0.0, 0.0, 0.0, 0.0])  # the second arm, over the edge


@pytest.fixture(scope="module")
def bounds():
    return bounds_of(ROBOT, "", shipped_settings())


def test_each_tool_is_held_against_its_own_box(bounds):
    points_m = tools_at(tool_chain(bounds), bounds, np.array([HOME, TURNED]))
    beyond = beyond_boxes(points_m, bounds)
    assert beyond.shape == (2, 2)
    assert beyond[0].tolist() == [0.0, 0.0] and beyond[1, 0] == 0.0
    assert beyond[1, 1] == pytest.approx(points_m[1, 1, 0] - 0.42), "to its own side, past x = 0.42 m"
    assert beyond[1, 1] > 0.2


def test_reduced_speed_is_that_of_the_fastest_tool(bounds):
    folded, stretched = (0.0, -1.6, 1.5, 0.0, 1.5, 0.0, 0.03), (0.0, 0.3, -0.3, 0.0, 0.0, 0.0, 0.03)
    postures = np.array([folded + folded, folded + stretched, stretched + folded])
    both_folded, *one_stretched = reduced_share(tool_chain(bounds), bounds, postures).tolist()
    assert one_stretched[0] == pytest.approx(one_stretched[1], rel=1e-4), "the arms are alike"
    assert one_stretched[0] < 0.8 * both_folded
