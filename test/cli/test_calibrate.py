from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.cli.disturbances import DISTURBANCES, UNSEEN_RGB, undo
from noetra_ros.cli.main import main
from noetra_ros.cli.watched_episodes import Watcher, watched_episodes
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.policy.checkpoint import SHIPPED_FOLDER
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world


@pytest.fixture(scope="module")
def world(gl_backend):
    made = make_world(load_robot("so101"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def policy():
    made = create_backend("noetra_nano", BackendOptions(load_robot("so101")))
    made.load()
    return made


@pytest.mark.gl
def test_a_disturbed_episode_is_undone_for_the_next(world):
    world.reset(1, "none")
    before, rng = world.render("front").rgb.copy(), np.random.default_rng(0)
    for name in ("camera", "object"):
        DISTURBANCES[name].prepare(world, "red", rng)
        assert not np.array_equal(world.render("front").rgb, before), name
        undo(world)
        world.reset(1, "none")
        np.testing.assert_array_equal(world.render("front").rgb, before)


def test_a_wrong_sentence_has_nothing_of_the_right_one():
    said = DISTURBANCES["sentence"].say("pick up the red cube", np.random.default_rng(0))
    assert not {"red", "green", "blue", "cube"} & set(said.split())
    assert len(UNSEEN_RGB) == len(set(UNSEEN_RGB))


@pytest.mark.gl
def test_an_episode_keeps_one_look_for_each_chunk(world, policy):
    (episode, is_good), *rest = watched_episodes(policy, world, 1, run_seed=3)
    assert is_good and not rest
    assert len(episode.features) == len(episode.chunks) > 3
    assert episode.features.shape[1] == len(policy.features) > 100


@pytest.mark.gl
def test_swapped_colours_reach_the_policy(world, policy):
    world.reset(1, "none")
    plain = Watcher(policy, DISTURBANCES["camera"], "pick up the red cube")
    swapped = Watcher(policy, DISTURBANCES["colours"], "pick up the red cube")
    assert not np.allclose(plain(world), swapped(world))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "demonstrations that it was trained on"),
        (["--keep"], "no calibration in"),
        (["--keep", "--judge-seed", "901"], "another than calibration's own"),
    ],
)
def test_what_a_calibration_lacks_is_told(tmp_path, capsys, options, words):
    for name in ("config.yaml", "model.safetensors"):
        (tmp_path / name).symlink_to(SHIPPED_FOLDER / "noetra_nano" / name)
    assert main(["calibrate", "--checkpoint", str(tmp_path), *options]) == 2
    assert words in capsys.readouterr().err
