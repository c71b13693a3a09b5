"""Makes ray_pictures importable by the tests of this folder, and shares one rendered world among them."""

import sys
from pathlib import Path

import pytest

from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def so101():
    return load_robot("so101")


@pytest.fixture(scope="session")
def table_world(so101):
    world = make_world(so101)
    yield world
    world.close()
