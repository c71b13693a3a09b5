"""What a policy sees of a world without the graph."""

import numpy as np
import pytest

from noetra_ros.evaluation.world_view import WorldPlanner, observe
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world

CAMERAS = ("front", "wrist")


@pytest.fixture(scope="module")
def world():
    made = make_world(load_robot("so101"))
    yield made
    made.close()


@pytest.mark.gl
def test_an_observation_holds_joints_pictures_and_the_sentence(world):
    world.reset(1)
    seen = observe(world, CAMERAS, "reach for the red cube")
    assert seen.instruction == "reach for the red cube" and set(seen.frames) == set(CAMERAS)
    assert seen.frames["wrist"].rgb.shape == (96, 96, 3)
    assert seen.stamp_ns == seen.joints.stamp_ns == seen.frames["front"].stamp_ns


def test_the_planner_plans_from_the_world_for_the_wish(world):
    world.reset(1)
    planner = WorldPlanner(world.profile, world)
    plans = []
    for colour in ("red", "blue"):
        planner.wish = ("reach", colour)
        plans.append(planner(observe(world, (), ""), 8, 0.1))
    assert plans[0].shape == (8, 6) and np.abs(plans[0] - plans[1]).max() > 0.01
