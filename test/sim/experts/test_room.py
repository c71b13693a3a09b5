"""The driver comes to the mark past the boxes, with what is decided taken over, for every base that ships."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_names
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.experts.room import BaseDriver
from noetra_ros.sim.task import TASKS, Judge
from noetra_ros.sim.world import make_world

BASES = [
    name
    for name in config_names("robots")
    if (sim := load_robot(name).sim) is not None and sim.world == "room"
]
NO_JOINTS = np.zeros(0)


@pytest.mark.parametrize("seed", [0, 3])
@pytest.mark.parametrize("robot", BASES)
def test_it_comes_to_rest_on_the_mark_and_touches_nothing(robot, seed):
    profile = load_robot(robot)
    world, driver, judge = make_world(profile), BaseDriver(profile), Judge(TASKS.get("drive"), "green")
    world.reset(seed, "eval")
    touched = False
    while not judge.succeeded and world.episode_s < 40.0:
        vx, _, wz = driver.action_chunk(world.truth(), NO_JOINTS, "drive", "green", 1)[0]
        for _ in range(10):
            world.set_twist(vx, wz)
            world.step(10)
        judge.update(world.truth())
        touched |= bool(world.physics_state().is_touching.any())
    world.close()
    assert judge.succeeded and not judge.handled_wrong and not touched


def test_what_is_decided_comes_first(base_world):
    base_world.reset(0)
    decided = np.array([[0.1, 0.0, 0.2], [0.2, 0.0, 0.3]])
    rows = BaseDriver(base_world.profile).action_chunk(
        base_world.truth(), NO_JOINTS, "drive", "red", 4, decided=decided
    )
    assert np.array_equal(rows[:2], decided) and rows.shape == (4, 3)


def test_a_base_grips_nothing(base_world):
    with pytest.raises(ConfigError, match="grips nothing"):
        BaseDriver(base_world.profile).action_chunk(base_world.truth(), NO_JOINTS, "pick", "red")
