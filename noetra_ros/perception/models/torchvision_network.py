"""Builds torchvision's networks without ever downloading, and reads their answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor, nn
from torchvision.models import get_model_builder  # type: ignore[import-untyped]

from noetra_ros.learning.weights import load_weights_into
from noetra_ros.perception.detector import Detection
from noetra_ros.perception.device_pictures import unit_range
from noetra_ros.perception.label_sets import BACKGROUND, UNUSED
from noetra_ros.perception.models.torchvision_pictures import normalised, resized
from noetra_ros.perception.patches import patches
from noetra_ros.perception.torchvision_config import TorchvisionConfig

MASK_THRESHOLD = 0.5
# Mean and deviation of ImageNet's channels, with which torchvision's segmenters are trained.
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def build_torchvision(config: TorchvisionConfig) -> nn.Module:
    """The network with fresh weights; neither its own nor its backbone's are downloaded."""
    arguments: dict[str, Any] = {
        "weights": None,
        "weights_backbone": None,
        "num_classes": len(config.classes),
    }
    if not config.is_segmenter:
        if config.short_side_px is not None:
            arguments["min_size"] = config.short_side_px
        if config.long_side_px is not None:
            arguments["max_size"] = config.long_side_px
    network: nn.Module = get_model_builder(config.model)(**arguments)
    return network


def load_torchvision(folder: Path, config: TorchvisionConfig) -> nn.Module:
    """The network with the folder's weights, ready for inference.

    Raises:
        ConfigError: unreadable weights, or every tensor that does not fit.
    """
    network = build_torchvision(config)
    load_weights_into(network, folder / config.weights, ignored=("aux_classifier.",))
    return network


def find_things(
    network: nn.Module, picture: Tensor, config: TorchvisionConfig, least: float
) -> list[Detection]:
    """What a detector of torchvision answers.

    Args:
        network: a detection network.
        picture: (3, H, W) uint8 on the network's device.
        config: of the checkpoint.
        least: lowest score.
    """
    answer = network([unit_range(picture)])[0]
    keep = answer["scores"] >= least
    boxes, labels, scores = (answer[k][keep].cpu().numpy() for k in ("boxes", "labels", "scores"))
    masks = (answer["masks"][keep, 0] >= MASK_THRESHOLD).cpu().numpy() if "masks" in answer else None
    return [
        Detection(config.classes[label], float(scores[i]), boxes[i], None if masks is None else masks[i])
        for i, label in enumerate(labels)
        if config.classes[label] not in (BACKGROUND, UNUSED)
    ]


def find_patches(
    network: nn.Module, picture: Tensor, config: TorchvisionConfig, least: float
) -> list[Detection]:
    """Connected patches of pixels that a segmenter of torchvision gives the same class; arguments as above.

    The score is the mean probability over the patch. Two things of a class that touch are one patch.
    """
    height, width = picture.shape[-2:]
    seen = resized(unit_range(picture), *_scaled(height, width, config))
    logits = network(normalised(seen, MEAN, DEVIATION).unsqueeze(0))["out"]
    full = nn.functional.interpolate(logits, (height, width), mode="bilinear", align_corners=False)[0]
    certainty, classes = full.softmax(dim=0).max(dim=0)
    return patches(
        classes.cpu().numpy(), certainty.cpu().numpy(), config.classes, least, config.least_area_px
    )


def _scaled(height_px: int, width_px: int, config: TorchvisionConfig) -> tuple[int, int]:
    """Size at which a segmenter looks at the picture."""
    factor = (config.short_side_px or min(height_px, width_px)) / min(height_px, width_px)
    if config.long_side_px is not None:
        factor = min(factor, config.long_side_px / max(height_px, width_px))
    return max(1, round(height_px * factor)), max(1, round(width_px * factor))
