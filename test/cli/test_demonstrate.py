from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.cli import demonstrate as demonstrate_module
from noetra_ros.cli.demonstrate import Noise, Recorder, make_demonstration
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.experts.table import Expert
from noetra_ros.sim.world import make_world

CAMERAS = ("front", "wrist")


@pytest.fixture(scope="module")
def world():
    made = make_world(load_robot("so101"))
    yield made
    made.close()


def demonstrate(world, seed, driver=None, tasks=("reach",)):
    expert = Expert(world.profile)
    return make_demonstration(
        world,
        lambda wish_at: Recorder(expert, CAMERAS, 8, wish_at, driver),
        tasks,
        seed,
        "train",
        lambda rng, task, colour: f"{task} {colour}",
    )


def test_noise_has_the_asked_spread_and_changes_slowly():
    noise = Noise(np.random.default_rng(0), 0.02)
    values = np.array([noise() for _ in range(4000)])
    assert values.std() == pytest.approx(0.02, rel=0.05)
    assert np.corrcoef(values[:-1, 0], values[1:, 0])[0, 1] == pytest.approx(0.6, abs=0.05)


@pytest.mark.gl
def test_answers_are_the_experts_clean_ones(world):
    demonstration, is_success = demonstrate(world, 4)
    assert is_success and demonstration.driver == "expert"
    step_rad = np.abs(demonstration.chunks[:, 0] - demonstration.joints)
    assert step_rad.max() < 0.15  # as fast as the expert moves, without noise
    assert demonstration.chunks.shape == (len(demonstration), 8, 6)


@pytest.mark.gl
def test_a_driving_model_moves_the_arm_and_the_expert_still_answers(world):
    hold = create_backend("hold", BackendOptions(world.profile))
    demonstration, is_success = demonstrate(world, 4, hold)
    assert not is_success and demonstration.driver == "hold 1"
    assert np.ptp(demonstration.joints, axis=0).max() < 0.05
    assert np.abs(demonstration.chunks[-1, -1] - demonstration.joints[-1]).max() > 0.2


@pytest.mark.gl
def test_a_change_of_mind_is_recorded(world, monkeypatch):
    monkeypatch.setattr(demonstrate_module, "CHANGE_OF_MIND_SHARE", 1.0)
    monkeypatch.setattr(demonstrate_module, "CHANGE_AFTER_S", (0.35, 0.35))
    wishes = [demonstrate(world, seed)[0].colours for seed in range(4)]
    changed = [colours for colours in wishes if colours[0] != colours[-1]]
    assert changed and all((colours[:4] == colours[0]).all() for colours in changed)
    assert all((colours[4:] == colours[-1]).all() for colours in changed)
