from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.demonstrations import (
    DESCRIPTION_FILE,
    episode_files,
    episode_path,
    read_description,
    read_episode,
    write_description,
    write_episode,
)


def test_an_episode_comes_back_as_it_was_written(tmp_path, episodes):
    write_episode(tmp_path, episodes[3])
    back = read_episode(episode_path(tmp_path, 3))
    assert back.seed == 3 and back.driver == "expert" and list(back.tasks) == list(episodes[3].tasks)
    for name in ("front", "wrist"):
        np.testing.assert_array_equal(back.pictures[name], episodes[3].pictures[name])
    np.testing.assert_array_equal(back.chunks, episodes[3].chunks)


def test_no_unfinished_file_counts_as_an_episode(tmp_path, episodes):
    write_episode(tmp_path, episodes[0])
    (tmp_path / "episode_000000001.part").write_bytes(b"half")
    assert [p.name for p in episode_files(tmp_path)] == ["episode_000000000.npz"]


def test_a_damaged_episode_is_named_with_its_remedy(tmp_path, episodes):
    write_episode(tmp_path, episodes[0])
    path = episode_path(tmp_path, 0)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ConfigError, match=r"episode_000000000.npz.*\n.*delete the file"):
        read_episode(path)


def test_pickled_content_is_refused(tmp_path):
    path = episode_path(tmp_path, 0)
    np.savez(path, tasks=np.array([object()], dtype=object))
    with pytest.raises(ConfigError, match="an episode of demonstrations"):
        read_episode(path)


def test_the_description_comes_back(tmp_path, description):
    write_description(tmp_path, description)
    assert read_description(tmp_path) == description


def test_going_on_with_other_options_names_every_difference(tmp_path, description):
    write_description(tmp_path, description)
    with pytest.raises(ConfigError) as error:
        write_description(tmp_path, replace(description, seed=5, variation="none"))
    assert [fault.key for fault in error.value.faults] == ["seed", "variation"]


def test_a_folder_without_demonstrations_says_how_to_make_some(tmp_path):
    with pytest.raises(ConfigError, match="noetra demos"):
        read_description(tmp_path)


@pytest.mark.parametrize(("text", "expected"), [("{", "valid JSON"), ("[1]", "a mapping"), ("{}", "robot")])
def test_a_malformed_description_is_refused(tmp_path, text, expected):
    (tmp_path / DESCRIPTION_FILE).write_text(text)
    with pytest.raises(ConfigError, match=expected):
        read_description(tmp_path)


def test_a_heldout_sentence_among_those_to_learn_is_refused(description):
    with pytest.raises(ConfigError, match="no held-out sentence"):
        replace(description, heldout=("pick up the red cube",))


def test_the_description_is_plain_json(tmp_path, description):
    write_description(tmp_path, description)
    assert json.loads((tmp_path / DESCRIPTION_FILE).read_text())["cameras"] == {
        "front": [32, 32],
        "wrist": [32, 32],
    }
