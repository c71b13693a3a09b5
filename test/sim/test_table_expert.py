"""The scripted expert does its tasks, keeps to its speeds, and recovers."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.sim.experts.table import JOINT_SPEEDS_RADPS, Expert
from noetra_ros.sim.plain_loop import run_episode
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS, Judge


@pytest.fixture(scope="module")
def expert(arm_profile):
    return Expert(arm_profile)


def drive(world, expert, task, colour, noise=None):
    def decide(w):
        return expert.action_chunk(w.truth(), w.joint_state().positions, task, colour)

    return run_episode(world, decide, Judge(TASKS.get(task), colour), noise=noise)


@pytest.mark.parametrize("task", ["reach", "push", "pick", "place"])
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_does_the_task_with_everything_varied(arm_world, expert, task, seed):
    arm_world.reset(seed, "train")
    result = drive(arm_world, expert, task, CUBE_COLOURS[seed % 3])
    assert result.succeeded and not result.handled_wrong
    assert result.time_s < 12.0


def test_recovers_from_noise_on_every_action(arm_world, expert):
    arm_world.reset(21, "train")
    rng = np.random.default_rng(21)
    assert drive(arm_world, expert, "place", "green", lambda: rng.normal(0, 0.012, 6)).succeeded


def test_a_chunk_keeps_to_the_speeds(arm_world, expert):
    arm_world.reset(5, "train")
    q = arm_world.joint_state().positions
    chunk = expert.action_chunk(arm_world.truth(), q, "place", "red")
    assert chunk.shape == (8, 6)
    steps = np.abs(np.diff(np.vstack([q, chunk]), axis=0))
    assert (steps <= JOINT_SPEEDS_RADPS * 0.1 + 1e-9).all()


def test_the_same_scene_gives_the_same_chunk(arm_world, expert):
    arm_world.reset(5)
    arguments = (arm_world.truth(), arm_world.joint_state().positions, "pick", "blue")
    assert np.array_equal(expert.action_chunk(*arguments), expert.action_chunk(*arguments))


def test_decided_rows_come_first_and_the_plan_goes_on_from_there(arm_world, expert):
    arm_world.reset(3)
    q = arm_world.joint_state().positions
    alone = expert.action_chunk(arm_world.truth(), q, "pick", "red")
    again = expert.action_chunk(arm_world.truth(), q, "pick", "red", decided=alone[:3])
    assert np.array_equal(again, alone)
    away = expert.action_chunk(arm_world.truth(), q, "pick", "red", decided=np.tile(q + 0.1, (2, 1)))
    assert np.array_equal(away[:2], np.tile(q + 0.1, (2, 1)))
    assert np.abs(away[2] - away[1]).max() < 0.15  # goes on from there at its own speed


def test_an_unknown_task_lists_the_known(arm_world, expert):
    with pytest.raises(ConfigError, match="reach, push, pick, place"):
        expert.action_chunk(arm_world.truth(), arm_world.joint_state().positions, "fold", "red")
