from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.perception.scene_files import (
    Scene,
    SceneSet,
    read_scene,
    read_scene_set,
    scene_path,
    scene_paths,
    write_scene,
    write_scene_set,
)

MADE = SceneSet("so101", {"near": (8, 6)}, 1, ("background", "cup"), ("background", "cup"), "train")


def scene(seed):
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 255, (1, 6, 8, 3), dtype=np.uint8)
    return Scene(seed, {"near": picture}, {"near": (picture[..., 0] > 99).astype(np.uint8)})


def test_a_scene_comes_back_as_it_was_written(tmp_path):
    write_scene(tmp_path, scene(5))
    again = read_scene(scene_path(tmp_path, 5), ("near",))
    assert again.seed == 5
    np.testing.assert_array_equal(again.pictures["near"], scene(5).pictures["near"])
    np.testing.assert_array_equal(again.ids["near"], scene(5).ids["near"])
    assert [p.name for p in scene_paths(tmp_path)] == ["scene_000000005.npz"]


def test_a_scene_without_an_asked_camera_is_refused(tmp_path):
    write_scene(tmp_path, scene(5))
    with pytest.raises(ConfigError, match="delete the file and run noetra scenes again"):
        read_scene(scene_path(tmp_path, 5), ("near", "far"))


def test_a_folder_is_continued_only_with_scenes_made_alike(tmp_path):
    write_scene_set(tmp_path, MADE)
    write_scene_set(tmp_path, MADE)
    assert read_scene_set(tmp_path) == MADE
    with pytest.raises(ConfigError, match="variation: got none, expected train -> use another --out"):
        write_scene_set(tmp_path, replace(MADE, variation="none"))


@pytest.mark.parametrize(("text", "message"), [("{", "valid JSON"), ("[]", "a mapping"), ("{}", "robot")])
def test_a_damaged_description_is_refused(tmp_path, text, message):
    (tmp_path / "scenes.json").write_text(text)
    with pytest.raises(ConfigError, match=message):
        read_scene_set(tmp_path)
