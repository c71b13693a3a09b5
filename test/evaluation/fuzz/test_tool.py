"""The oracle's own look at several tools in their boxes, and at the fastest of them."""

import numpy as np
import pytest

from noetra_ros.evaluation.fuzz.bounds import bounds_of, shipped_settings
from noetra_ros.evaluation.fuzz.setpoints import Setpoints
from noetra_ros.evaluation.fuzz.tool import (
    beyond_boxes,
    judge_tool_speed,
    reduced_share,
    tool_chain,
    tools_at,
)
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


def test_a_tool_that_goes_farther_in_a_period_than_its_speed_allows_is_found():
    slow = bounds_of(ROBOT, "", {**shipped_settings(), "tool_speed_mps": 0.2})
    chain, postures = tool_chain(slow), np.array([HOME, HOME, HOME])
    postures[1:, 0] += 0.05
    (way_m, _), _ = np.linalg.norm(np.diff(tools_at(chain, slow, postures), axis=1), axis=2)
    still = np.zeros((2, 12))
    motion = Setpoints(np.array([4, 5]), *[np.ones(2, dtype=bool)] * 2, postures[1:], still, still, still)
    (found,) = judge_tool_speed(motion, slow, chain, postures)
    assert (found.rule, found.row, found.subject) == ("tool_speed", 4, slow.boxes[0].tool_link)
    assert found.measured == pytest.approx(way_m / slow.period_s) and found.limit == 0.2
    postures[1:, 0] = HOME[0] + 0.9 * 0.2 * slow.period_s / (way_m / 0.05)
    assert judge_tool_speed(motion, slow, chain, postures) == []
