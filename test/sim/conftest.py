"""Worlds that the simulation's tests share (each test resets what it uses), and where the made scenes are."""

import sys
from pathlib import Path

import pytest

from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def arm_profile():
    return load_robot("so101")


@pytest.fixture(scope="session")
def shared_arm_world(arm_profile):
    world = make_world(arm_profile)
    yield world
    world.close()


@pytest.fixture
def arm_world(shared_arm_world):
    yield shared_arm_world
    shared_arm_world.on_step(None)


@pytest.fixture
def base_world():
    world = make_world(load_robot("diffbot"))
    yield world
    world.close()
