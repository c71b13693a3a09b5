from __future__ import annotations

from torchvision.models import get_model_weights

from noetra_ros.perception.label_sets import COCO, VOC


def test_the_names_are_those_of_torchvisions_own_weights():
    detectors = get_model_weights("fasterrcnn_mobilenet_v3_large_320_fpn")
    segmenters = get_model_weights("lraspp_mobilenet_v3_large")
    assert list(COCO) == next(iter(detectors)).meta["categories"]
    assert list(VOC) == next(iter(segmenters)).meta["categories"]
