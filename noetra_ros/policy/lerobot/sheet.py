"""noetra.yaml beside a LeRobot checkpoint."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.policy.model_sheet import ModelSheet
from noetra_ros.policy.spec import RESIZES


@dataclass(frozen=True)
class CameraSheet:
    """Which camera gives a picture, and its size where the model's own files say another or none."""

    camera: str = setting(description="camera of the robot profile")
    width_px: int | None = setting("px", "width; null = as the model's files say", default=None)
    height_px: int | None = setting("px", "height; null = as the model's files say", default=None)
    source_px: tuple[int, int] | None = setting(
        "px",
        "width and height of training's pictures as the camera took them; null = not known",
        default=None,
    )
    resize: str = setting(
        description="how they came from there to width and height; empty = not known",
        choices=("", *RESIZES),
        default="",
    )


@dataclass(frozen=True, kw_only=True)
class LeRobotSheet(ModelSheet):
    """What LeRobot's own files do not say."""

    cameras: dict[str, CameraSheet] = setting(
        description="camera by the model's name of the picture; where left out, the last part of that name",
        default_factory=dict,
    )
