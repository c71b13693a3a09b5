"""noetra.yaml for an openpi server: the keys of its observation, which its protocol does not tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.picture_path import RESIZES
from noetra_ros.core.types import FloatArray
from noetra_ros.policy.model_sheet import SHEET_FILE, ModelSheet
from noetra_ros.policy.serving.link_settings import LinkSettings
from noetra_ros.policy.spec import CameraNeed, PolicySpec

# What openpi's servers make of every picture before the model sees it.
MODEL_PX = 224


@dataclass(frozen=True)
class PictureSheet:
    """One picture of the observation."""

    camera: str = setting(description="camera of the robot profile")
    layout: str = setting(
        description="hwc (DROID, LIBERO) or chw (ALOHA)", choices=("hwc", "chw"), default="hwc"
    )
    width_px: int = setting("px", "width that the server makes of it", minimum=1, default=MODEL_PX)
    height_px: int = setting("px", "height that the server makes of it", minimum=1, default=MODEL_PX)
    resize: str = setting(
        description="how the server gets there; openpi's pads around the middle",
        choices=RESIZES,
        default="letterbox",
    )

    def need(self) -> CameraNeed:
        """What the robot has to offer; the server resizes it as in training."""
        return CameraNeed(self.camera, self.width_px, self.height_px, resize=self.resize, resizes_itself=True)

    def arranged(self, rgb: np.ndarray) -> np.ndarray:
        """(height, width, 3) uint8 as the server wants it."""
        return rgb.transpose(2, 0, 1) if self.layout == "chw" else rgb


@dataclass(frozen=True, kw_only=True)
class OpenpiSheet(ModelSheet):
    """Keys are as the server's policy names them; a dot goes into a nested map: ``images.cam_high``."""

    link: LinkSettings = setting(description="the server; token is its API key")
    rows: int = setting(description="rows of a chunk: the action horizon of the server's policy", minimum=1)
    pictures: dict[str, PictureSheet] = setting(description="picture by key")
    states: dict[str, tuple[str, ...]] = setting(
        description="joints by key, in the order of the model; together those of `joints`"
    )
    prompt: str = setting(description="key of the sentence; empty = none is sent", default="prompt")
    answer: str = setting(description="key of the actions in the answer", default="actions")

    def __post_init__(self) -> None:
        super().__post_init__()
        faults = []
        stated = [joint for names in self.states.values() for joint in names]
        if sorted(stated) != sorted(self.joints):
            got = ", ".join(stated) or "nothing"
            faults.append(Fault("states", got, f"each of {', '.join(self.joints)} once"))
        keys = [*self.pictures, *self.states, *([self.prompt] if self.prompt else [])]
        clashes = {a for a in keys for b in keys if a != b and b.startswith(a + ".")}
        faults += [
            Fault(key, "a value and a map at once", "keys that do not hide one another") for key in clashes
        ]
        if len(set(keys)) < len(keys):
            faults.append(Fault("pictures", f"a key twice: {sorted(keys)}", "each key once"))
        if faults:
            raise ConfigError(SHEET_FILE, faults)

    def spec(self, name: str) -> PolicySpec:
        """What the policy needs and gives.

        Args:
            name: of the folder, where the sheet names no model.
        """
        step_s = 1.0 / self.rate_hz
        return PolicySpec(
            model=self.model or name,
            kind=self.kind,
            joints=self.joints,
            actions=self.columns,
            unit="m/s" if self.kind.value == "base_twist" else "rad",
            rows=self.rows,
            step_s=step_s,
            start_offset_s=self.start_offset_s,
            replan_s=self.replan_s or step_s * self.rows / 2,
            cameras=tuple(picture.need() for picture in self.pictures.values()),
            needs_instruction=bool(self.prompt),
            action_meaning=self.action_meaning,
            trained_rate_hz=self.rate_hz,
        )

    def request(self, pictures: dict[str, np.ndarray], joints: FloatArray, sentence: str) -> dict[str, Any]:
        """The observation as the server wants it.

        Args:
            pictures: (height, width, 3) uint8 by key.
            joints: (n,) in the model's unit, in the order of `joints`.
            sentence: what to do.
        """
        flat: dict[str, Any] = {
            key: np.ascontiguousarray(self.pictures[key].arranged(rgb)) for key, rgb in pictures.items()
        }
        flat |= {key: joints[[self.joints.index(n) for n in names]] for key, names in self.states.items()}
        flat |= {self.prompt: sentence} if self.prompt else {}
        nested: dict[str, Any] = {}
        for key, value in flat.items():
            *folders, last = key.split(".")
            here = nested
            for folder in folders:
                here = here.setdefault(folder, {})
            here[last] = value
        return nested
