from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.demonstrations import write_description, write_episode
from noetra_ros.policy.models.vocabulary import UNKNOWN, build_vocabulary
from noetra_ros.policy.training.dataset import load_dataset

WORDS = build_vocabulary(["reach for the red cube", "pick up the blue cube"])


def write(folder, description, episodes):
    write_description(folder, description)
    for episode in episodes:
        write_episode(folder, episode)


def test_a_folder_becomes_one_row_a_decision(tmp_path, description, episodes):
    write(tmp_path, description, episodes)
    told = []
    dataset = load_dataset((tmp_path,), lambda done, total: told.append((done, total)))
    assert len(dataset) == 72 and dataset.pictures.shape == (72, 2, 32, 32, 3)
    np.testing.assert_array_equal(dataset.pictures[12:24, 1], episodes[1].pictures["wrist"])
    assert dataset.wish_names[dataset.wishes[12]] == ("pick", "red")
    assert told[-1] == (6, 6)


def test_whole_episodes_are_kept_back(dataset):
    learn, check = dataset.split(3)
    assert set(dataset.episodes[check]) == {2, 5} and set(dataset.episodes[learn]) == {0, 1, 3, 4}


def test_a_batch_depends_on_its_seed_alone(dataset):
    rows = np.arange(20)
    one, two = (dataset.batch(rows, np.random.default_rng(1), WORDS, 0.5).tokens for _ in "ab")
    assert (one == two).all()


def test_words_may_become_unknown_but_the_colour_stays(dataset):
    tokens = dataset.batch(np.arange(12), np.random.default_rng(0), WORDS, 1.0).tokens.numpy()
    red = WORDS.encode("red")[0]
    assert ((tokens == red).sum(axis=1) == 1).all()
    assert ((tokens == UNKNOWN).sum(axis=1) == 4).all()


def test_an_empty_folder_is_refused(tmp_path, description):
    write_description(tmp_path, description)
    with pytest.raises(ConfigError, match="run noetra demos first"):
        load_dataset((tmp_path,))


def test_an_episode_of_other_shapes_names_each(tmp_path, description, episodes):
    e = episodes[0]
    wrong = replace(e, pictures={"front": e.pictures["front"][:, :16]}, chunks=e.chunks[:, :3])
    write(tmp_path, description, [wrong])
    with pytest.raises(ConfigError) as error:
        load_dataset((tmp_path,))
    assert [f.key for f in error.value.faults] == ["picture_front", "picture_wrist", "chunks"]


def test_folders_of_different_robots_do_not_mix(tmp_path, description, episodes):
    write(tmp_path / "a", description, episodes[:1])
    write(tmp_path / "b", replace(description, robot="other", step_s=0.2), episodes[1:2])
    with pytest.raises(ConfigError) as error:
        load_dataset((tmp_path / "a", tmp_path / "b"))
    assert [f.key.rpartition(": ")[2] for f in error.value.faults] == ["robot", "step_s"]
