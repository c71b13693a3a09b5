"""A cube is moved while the gripper comes near, where there is room, the same way for the same seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.evaluation.moved_cube import CubeShifts, ShiftRange
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world

NEAR = ShiftRange(near_m=(1.0, 1.0), not_before_s=0.0)


@pytest.fixture(scope="module")
def world():
    made = make_world(load_robot("so101"))
    yield made
    made.close()


def test_it_is_moved_once_by_three_to_four_centimetres_and_stays_there(world):
    world.reset(3)
    before = world.truth().cube("red").position_m
    shifts = CubeShifts(NEAR, "red", 7)
    assert shifts.update(world, 0.2) and not shifts.update(world, 0.3)
    world.step(100)
    way_m = world.truth().cube("red").position_m - before
    assert way_m[:2] == pytest.approx(shifts.ways_m[0], abs=1e-3) and abs(way_m[2]) < 1e-3
    assert 0.03 <= np.linalg.norm(shifts.ways_m[0]) <= 0.04 and shifts.times_s == [0.2]


def test_the_same_seed_moves_it_the_same_way(world):
    ways = []
    for _ in range(2):
        world.reset(3)
        shifts = CubeShifts(NEAR, "blue", 11)
        shifts.update(world, 0.0)
        ways.append(shifts.ways_m[0])
    assert np.array_equal(*ways)


@pytest.mark.parametrize(
    ("ranges", "now_s"),
    [
        (replace(NEAR, near_m=(0.01, 0.01)), 1.0),
        (replace(NEAR, not_before_s=0.5), 0.4),
        (replace(NEAR, most=0), 1.0),
    ],
)
def test_it_stays_where_the_gripper_is_far_or_it_is_too_early_or_enough(world, ranges, now_s):
    world.reset(3)
    assert not CubeShifts(ranges, "red", 7).update(world, now_s)


def test_a_cube_that_does_not_lie_is_left_alone(world):
    world.reset(3)
    _, data = world.model_and_data()
    data.joint("red_cube").qpos[2] += 0.02
    assert not CubeShifts(NEAR, "red", 7).update(world, 1.0)
