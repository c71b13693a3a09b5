"""The hand of a simulated arm: pads that part, and the tool's point of hands without a jaw."""

import math

import pytest

from noetra_ros.robots.profile import load_robot
from noetra_ros.robots.simulation import Hand


def test_the_point_between_the_pads_moves_as_they_part():
    hand = load_robot("so101").sim.hand
    assert hand.gap_m(0.14) == pytest.approx(0.0285, abs=1e-3)
    closed, wide = hand.tool_offset_m(0.0), hand.tool_offset_m(0.6)
    assert wide[0] - closed[0] == pytest.approx(0.5 * (hand.gap_m(0.6) - hand.gap_m(0.0)))
    assert wide[2] == closed[2] == -0.0955


def test_without_a_jaw_the_tool_is_where_the_profile_says():
    hand = Hand(link="flange", point_m=(0.0, 0.0, 0.1))
    assert hand.tool_offset_m(0.3).tolist() == [0.0, 0.0, 0.1]
    assert hand.gap_m(0.3) == math.inf
