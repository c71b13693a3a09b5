from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.rendered_scenes import views
from noetra_ros.evaluation.scene_judge import ALL, SceneTally
from noetra_ros.evaluation.seeds import episode_seed
from noetra_ros.perception.detector import PROTECTED_LABELS, DetectorOptions, create_detector
from noetra_ros.perception.lifting import Lifter
from noetra_ros.perception.models.scene_bundle import build_scene_network, save_scene_checkpoint
from noetra_ros.perception.scene_checkpoint import (
    SHIPPED_FOLDER,
    WEIGHTS_FILE,
    read_checkpoint_config,
    write_checkpoint_config,
)
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def folder(tmp_path):
    """A real checkpoint of the smallest size, with seeded random weights."""
    tiny = {"half": 8, "quarter": 8, "eighth": 8, "sixteenth": 8}
    config = replace(read_checkpoint_config(SHIPPED_FOLDER), shape=tiny, score_threshold=0.0)
    torch.manual_seed(0)
    save_scene_checkpoint(tmp_path / "made", config, build_scene_network(config))
    return tmp_path / "made"


def detector(folder=None, **options):
    made = create_detector("noetra_scene", DetectorOptions(folder, **options))
    made.load()
    return made


def test_the_spec_is_known_before_loading_and_names_people():
    spec = create_detector("noetra_scene", DetectorOptions()).spec
    assert set(PROTECTED_LABELS) < set(spec.labels) and {"red_cube", "bowl"} < set(spec.labels)
    assert spec.has_masks and spec.model.startswith("noetra_scene")


@pytest.mark.parametrize("size", [(192, 256), (96, 96), (50, 33)])
def test_any_picture_size_is_taken_and_masks_have_it(folder, size):
    picture = np.random.default_rng(0).integers(0, 255, (*size, 3), dtype=np.uint8)
    found = detector(folder).detect(picture)
    assert all(d.mask.shape == size for d in found)
    assert [d.score for d in found] == sorted((d.score for d in found), reverse=True)


def test_an_array_and_an_uploaded_tensor_give_the_same(folder):
    picture = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    eyes = detector(folder)
    one, two = eyes.detect(picture), eyes.detect(torch.from_numpy(picture).permute(2, 0, 1))
    assert [(d.label, d.score) for d in one] == [(d.label, d.score) for d in two]


def test_a_threshold_asked_for_replaces_the_checkpoints(folder):
    eyes = detector(folder, score_threshold=0.99)
    assert eyes.spec.score_threshold == 0.99
    assert eyes.detect(np.zeros((64, 64, 3), np.uint8)) == []


def test_a_config_of_another_network_names_every_tensor(folder):
    config = read_checkpoint_config(folder)
    write_checkpoint_config(folder, replace(config, things=config.things[:-1]))
    with pytest.raises(ConfigError) as error:
        detector(folder)
    assert {f.key for f in error.value.faults} == {
        f"{head}_head.{part}" for head in ("class", "place") for part in ("weight", "bias")
    }


def test_weights_that_are_not_finite_are_refused(folder):
    weights = load_file(str(folder / WEIGHTS_FILE))
    weights["class_head.bias"][0] = float("nan")
    save_file(weights, str(folder / WEIGHTS_FILE))
    with pytest.raises(ConfigError, match=r"class_head\.bias: got NaN or infinity"):
        detector(folder)


def test_a_folder_without_a_checkpoint_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError, match="noetra train-scene"):
        create_detector("noetra_scene", DetectorOptions(tmp_path / "none"))


def test_a_missing_gpu_is_an_error(folder, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="no GPU that torch can use"):
        detector(folder, device="cuda")


def test_a_picture_before_load_is_a_mistake(folder):
    with pytest.raises(RuntimeError, match="call load"):
        create_detector("noetra_scene", DetectorOptions(folder)).detect(np.zeros((9, 9, 3), np.uint8))


@pytest.mark.gl
@pytest.mark.slow
def test_the_shipped_weights_know_scenes_that_training_never_saw():
    eyes, world, tally = detector(), make_world(load_robot("so101")), SceneTally()
    for number in range(900, 908):
        for view in views(world, episode_seed(0, number), "eval", ("front", "overhead")):
            tally.add(view, eyes.detect(view.image.rgb), eyes.spec.labels, Lifter(support_m=0.0))
    world.close()
    told = tally.scores(eyes.spec.labels, eyes.spec.score_threshold)[ALL]
    assert told.map50 > 0.8 and told.people_pictures_found >= told.people_pictures - 1 > 5
    assert told.place_error_median_m < 0.01


@pytest.mark.gl
def test_a_bare_table_and_an_arm_alone_show_nobody():
    eyes, world = detector(), make_world(load_robot("so101"))
    world.reset(episode_seed(0, 950), "eval")
    for camera in ("front", "overhead"):
        found = eyes.detect(world.render(camera).rgb)
        assert not any(d.is_protected for d in found)
    world.close()
