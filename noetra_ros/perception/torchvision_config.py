"""A user's torchvision checkpoint as a folder: config.yaml beside the file of weights; read without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import single_fault
from noetra_ros.perception.label_sets import BACKGROUND, LABEL_SETS

CONFIG_FILE = "config.yaml"
DETECTION_MODELS = (
    "fasterrcnn_mobilenet_v3_large_320_fpn",
    "fasterrcnn_mobilenet_v3_large_fpn",
    "fasterrcnn_resnet50_fpn",
    "fasterrcnn_resnet50_fpn_v2",
    "fcos_resnet50_fpn",
    "maskrcnn_resnet50_fpn",
    "maskrcnn_resnet50_fpn_v2",
    "retinanet_resnet50_fpn",
    "retinanet_resnet50_fpn_v2",
    "ssd300_vgg16",
    "ssdlite320_mobilenet_v3_large",
)
SEGMENTATION_MODELS = (
    "deeplabv3_mobilenet_v3_large",
    "deeplabv3_resnet101",
    "deeplabv3_resnet50",
    "fcn_resnet101",
    "fcn_resnet50",
    "lraspp_mobilenet_v3_large",
)
FIXED_SIZE_MODELS = ("ssd300_vgg16", "ssdlite320_mobilenet_v3_large")


@dataclass(frozen=True)
class TorchvisionConfig:
    """What the folder's config.yaml says."""

    model: str = setting(
        description="torchvision's name of the network", choices=(*DETECTION_MODELS, *SEGMENTATION_MODELS)
    )
    weights: str = setting(description="file beside config.yaml: .safetensors, .pt or .pth")
    labels: tuple[str, ...] = setting(
        description="class names from number 1 on (0 is the background); empty = as label_set says",
        default=(),
    )
    label_set: str = setting(
        description="names of torchvision's own weights: coco for detectors, voc for segmenters",
        choices=("", *LABEL_SETS),
        default="",
    )
    score_threshold: float = setting(
        description="less certain findings are dropped", minimum=0.0, maximum=1.0, default=0.5
    )
    short_side_px: int | None = setting(
        "px", "pictures are scaled to this short side; null = the network's own", minimum=32, default=None
    )
    long_side_px: int | None = setting(
        "px", "but the long side stays below this; null = the network's own", minimum=32, default=None
    )
    least_area_px: int = setting("px", "smaller patches of a segmenter are dropped", minimum=1, default=12)

    def __post_init__(self) -> None:
        if bool(self.labels) == bool(self.label_set):
            got = f"{len(self.labels)} labels and label_set {self.label_set!r}"
            raise single_fault("torchvision detector", "labels", got, "either labels or label_set")
        if self.model in FIXED_SIZE_MODELS and (self.short_side_px or self.long_side_px):
            raise single_fault(
                "torchvision detector", "short_side_px", "a size", f"null: {self.model} has one size"
            )

    @property
    def classes(self) -> tuple[str, ...]:
        """Names by class number, the background first."""
        return (BACKGROUND, *self.labels) if self.labels else LABEL_SETS[self.label_set]

    @property
    def is_segmenter(self) -> bool:
        """It labels pixels, not things."""
        return self.model in SEGMENTATION_MODELS

    @property
    def has_masks(self) -> bool:
        """What it finds comes with masks."""
        return self.is_segmenter or self.model.startswith("maskrcnn")


def read_torchvision_config(folder: Path) -> TorchvisionConfig:
    """Read the folder's config.yaml.

    Raises:
        ConfigError: no folder, no file, or every fault of the file with its key path.
    """
    if not folder.is_dir():
        raise single_fault(
            str(folder), "checkpoint", "no such folder", "a folder with config.yaml and weights"
        )
    return load(TorchvisionConfig, read_yaml(folder / CONFIG_FILE), str(folder / CONFIG_FILE))
