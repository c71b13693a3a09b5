from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.perception.scene_files import scene_path, write_scene, write_scene_set
from noetra_ros.perception.training.dataset import load_scenes


def test_pictures_of_one_size_come_together(folder, dataset):
    told = []
    load_scenes(folder, lambda done, total: told.append((done, total)))
    assert [group.pictures.shape for group in dataset.groups] == [(12, 32, 32, 3), (12, 32, 48, 3)]
    assert dataset.groups[0].scenes.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert len(dataset) == 24 and dataset.scene_count == 6 and told[-1] == (6, 6)


def test_whole_scenes_are_kept_back(dataset):
    learn, check = dataset.groups[0].split(3)
    scenes = dataset.groups[0].scenes
    assert set(scenes[check]) == {2, 5} and set(scenes[learn]) == {0, 1, 3, 4}


def test_with_few_scenes_all_are_learned_from_and_checked_on(dataset):
    learn, check = dataset.groups[0].split(50)
    assert len(learn) == len(check) == 12


def test_a_folder_without_scenes_says_how_to_make_some(tmp_path, description):
    with pytest.raises(ConfigError, match="noetra scenes --out"):
        load_scenes(tmp_path)
    write_scene_set(tmp_path, description)
    with pytest.raises(ConfigError, match="run noetra scenes first"):
        load_scenes(tmp_path)


def test_a_damaged_scene_says_what_to_do(folder):
    path = scene_path(folder, 3)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ConfigError, match=r"scene_000000003.npz.*\n.*delete the file"):
        load_scenes(folder)


def test_pictures_of_another_size_or_unknown_labels_are_refused(folder, scene_of):
    good = scene_of(1)
    write_scene(folder, replace(good, pictures=good.pictures | {"near": good.pictures["near"][:, :16]}))
    with pytest.raises(ConfigError, match=r"expected \(2, 32, 32, 3\)"):
        load_scenes(folder)
    write_scene(folder, replace(good, ids={n: np.full_like(i, 99) for n, i in good.ids.items()}))
    with pytest.raises(ConfigError, match="got 99, expected below 7"):
        load_scenes(folder)
