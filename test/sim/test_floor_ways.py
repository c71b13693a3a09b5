"""Ways go around what stands on the floor, and are straight where nothing does."""

import numpy as np
import pytest

from noetra_ros.sim.floor_ways import FloorWays

GOAL = np.array([1.0, 0.0])


def ways(*things, keep_m=0.4):
    places = np.array(things, dtype=float).reshape(-1, 2)
    return FloorWays(2.0, places, np.full(len(places), keep_m), 0.3, GOAL)


def test_on_a_free_floor_it_heads_straight_for_the_place():
    assert ways().next_m(np.array([-1.0, 0.0]), 3.0) == pytest.approx(GOAL)


def test_around_a_thing_every_leg_keeps_away_from_it():
    around, here = ways((0.0, 0.0)), np.array([-1.0, 0.0])
    for _ in range(20):
        ahead = around.next_m(here, 0.6)
        assert around.has_room(np.linspace(here, ahead, 20)).all()
        here = ahead
    assert here == pytest.approx(GOAL)


def test_a_wall_of_things_closes_the_way():
    assert ways((0.0, 0.0)).is_open(np.array([-1.0, 0.0]))
    wall = [(0.0, y) for y in np.arange(-2.0, 2.1, 0.5)]
    assert not ways(*wall).is_open(np.array([-1.0, 0.0]))


def test_from_the_middle_of_a_thing_it_finds_out():
    out = ways((-1.0, 0.0)).next_m(np.array([-0.9, 0.0]), 3.0)
    assert np.linalg.norm(out - [-1.0, 0.0]) > 0.1
