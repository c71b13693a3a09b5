from __future__ import annotations

import numpy as np
import pytest
import torch
import yaml
from safetensors.torch import save_file

from noetra_ros.core.errors import ConfigError
from noetra_ros.perception.detector import DetectorOptions, create_detector
from noetra_ros.perception.models.torchvision_network import build_torchvision
from noetra_ros.perception.torchvision_config import read_torchvision_config

LABELS = ["person", "cup"]
PICTURE = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)


@pytest.fixture(autouse=True)
def no_downloads(monkeypatch):
    """A test that tries to fetch weights fails at once, and one thread does the work."""

    def refuse(*_, **__):
        raise AssertionError("weights were about to be downloaded")

    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", refuse)
    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", refuse)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def write_folder(folder, model, weights="weights.pth", **settings):
    """A checkpoint as a user would have it, with seeded random weights."""
    values = {"model": model, "weights": weights, "labels": LABELS, "score_threshold": 0.0} | settings
    folder.mkdir(exist_ok=True)
    (folder / "config.yaml").write_text(yaml.safe_dump(values))
    torch.manual_seed(0)
    network = build_torchvision(read_torchvision_config(folder))
    state = network.state_dict()
    if weights.endswith(".safetensors"):
        save_file(state, str(folder / weights))
    else:
        torch.save({"model": state, "epoch": 1}, folder / weights)
    return network.train(False)


def detector(folder, **options):
    return create_detector("torchvision", DetectorOptions(checkpoint=folder, **options))


@pytest.mark.parametrize("weights", ["weights.pth", "weights.safetensors"])
def test_a_users_detector_answers_as_torchvision_itself_does(tmp_path, weights):
    network = write_folder(tmp_path, "ssdlite320_mobilenet_v3_large", weights)
    ours = detector(tmp_path)
    ours.load()
    found = ours.detect(PICTURE)
    with torch.inference_mode():
        theirs = network([torch.from_numpy(PICTURE).permute(2, 0, 1).float() / 255])[0]
    assert len(found) == len(theirs["scores"]) > 0
    assert [d.label for d in found] == [LABELS[number - 1] for number in theirs["labels"].tolist()]
    np.testing.assert_allclose([d.box_px for d in found], theirs["boxes"].numpy(), atol=1e-4)


def test_a_mask_network_gives_masks_of_the_pictures_size(tmp_path):
    write_folder(tmp_path, "maskrcnn_resnet50_fpn", short_side_px=48, long_side_px=64)
    ours = detector(tmp_path)
    ours.load()
    found = ours.detect(PICTURE)
    assert found and ours.spec.has_masks
    assert all(d.mask.shape == (48, 64) and d.mask.dtype == bool for d in found)


@pytest.mark.parametrize("model", ["fasterrcnn_mobilenet_v3_large_320_fpn", "retinanet_resnet50_fpn"])
def test_box_networks_load_and_answer(tmp_path, model):
    write_folder(tmp_path, model, short_side_px=48, long_side_px=64)
    ours = detector(tmp_path)
    ours.load()
    assert {d.label for d in ours.detect(PICTURE)} <= set(LABELS) and not ours.spec.has_masks


def test_a_segmenter_gives_patches(tmp_path):
    write_folder(tmp_path, "lraspp_mobilenet_v3_large", least_area_px=1)
    ours = detector(tmp_path)
    ours.load()
    found = ours.detect(PICTURE)
    assert ours.spec.has_masks and sum(int(d.mask.sum()) for d in found) <= PICTURE[..., 0].size
    assert all(d.mask.shape == (48, 64) for d in found)


def test_a_threshold_asked_for_replaces_the_checkpoints(tmp_path):
    write_folder(tmp_path, "ssdlite320_mobilenet_v3_large")
    sure = detector(tmp_path, score_threshold=0.999)
    sure.load()
    assert sure.spec.score_threshold == 0.999 and sure.detect(PICTURE) == []


def test_every_tensor_of_another_class_count_is_named_in_one_error(tmp_path):
    write_folder(tmp_path, "ssdlite320_mobilenet_v3_large")
    values = yaml.safe_load((tmp_path / "config.yaml").read_text()) | {"labels": ["a", "b", "c"]}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(values))
    with pytest.raises(
        ConfigError, match=r"head.classification_head.*got shape \[18, .*expected shape \[24,"
    ):
        detector(tmp_path).load()


def test_weights_of_another_network_are_refused_not_half_loaded(tmp_path):
    write_folder(tmp_path / "a", "lraspp_mobilenet_v3_large")
    write_folder(tmp_path / "b", "ssdlite320_mobilenet_v3_large")
    (tmp_path / "a/weights.pth").rename(tmp_path / "b/weights.pth")
    with pytest.raises(ConfigError) as error:
        detector(tmp_path / "b").load()
    assert len(error.value.faults) > 50


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "yolo"}, "model: got 'yolo', expected one of"),
        ({"labels": []}, "either labels or label_set"),
        ({"label_set": "coco"}, "either labels or label_set"),
        ({"short_side_px": 300}, "has one size"),
        ({"score_threshold": 1.5}, "<= 1.0"),
        ({"url": "http"}, "an unknown key"),
    ],
)
def test_a_wrong_config_is_told_before_torch_is_needed(tmp_path, change, message):
    values = {"model": "ssd300_vgg16", "weights": "w.pth", "labels": LABELS} | change
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(values))
    with pytest.raises(ConfigError, match=message):
        detector(tmp_path)


def test_coco_names_leave_out_unused_numbers(tmp_path):
    values = {"model": "ssd300_vgg16", "weights": "w.pth", "label_set": "coco"}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(values))
    labels = detector(tmp_path).spec.labels
    assert len(labels) == 80 and labels[0] == "person" and "N/A" not in labels


def test_no_checkpoint_is_an_error():
    with pytest.raises(ConfigError, match="a folder of yours"):
        create_detector("torchvision", DetectorOptions())


def test_a_missing_gpu_is_an_error(tmp_path, monkeypatch):
    write_folder(tmp_path, "ssdlite320_mobilenet_v3_large")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="no GPU that torch can use"):
        detector(tmp_path, device="cuda").load()


def test_a_picture_before_load_is_a_mistake(tmp_path):
    write_folder(tmp_path, "ssdlite320_mobilenet_v3_large")
    with pytest.raises(RuntimeError, match="call load"):
        detector(tmp_path).detect(PICTURE)
