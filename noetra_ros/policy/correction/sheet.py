"""A trained corrector as a folder: config.yaml (needs, bounds, normalisation, origin) and model.safetensors.

Read without torch; the sheet names the hash of the weights that it was written with.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.policy.checkpoint import CONFIG_FILE, WEIGHTS_FILE, CameraConfig, plain
from noetra_ros.policy.correction.corrector import CorrectorSpec
from noetra_ros.policy.spec import CameraNeed


@dataclass(frozen=True)
class CorrectedJoint:
    """One joint: its numbers in the training data, and how far it may be corrected."""

    name: str = setting(description="joint of the robot profile")
    mean: float = setting("rad", "mean position")
    deviation: float = setting("rad", "standard deviation of the position", minimum=1e-6)
    limit_rad: float = setting(
        "rad", "largest correction, either way; 0 = left to the policy", minimum=0.0, maximum=3.2
    )
    ignore_rad: float = setting(
        "rad", "smaller corrections are left out, larger ones shortened by it", minimum=0.0, maximum=1.0
    )
    starts_measured: bool = setting(
        description="its way begins where the joint is, not at the plan: for grippers, which things block"
    )


@dataclass(frozen=True)
class CorrectorSheet:
    """All that a corrector's checkpoint says of itself besides its weights."""

    model: str = setting(description="kind of network", choices=("noetra_nano_corrector",))
    version: str = setting(description="version of these weights")
    robot: str = setting(description="robot profile of the data")
    cameras: tuple[CameraConfig, ...] = setting(description="pictures, in the network's order")
    joints: tuple[CorrectedJoint, ...] = setting(description="joints, in the network's order")
    rows: int = setting(description="offsets at which it corrects", minimum=1)
    step_s: float = setting("s", "between the offsets; the first is one after the observation", minimum=1e-3)
    rate_hz: float = setting("Hz", "of its looks: pictures must come as often", minimum=1.0, maximum=1000.0)
    latency_s: float = setting("s", "from a picture to its correction, declared", minimum=0.0, maximum=1.0)
    way_deviation: tuple[tuple[float, ...], ...] = setting(
        "rad", "spread of the expert's way from the measured joint to each offset: rows x joints"
    )
    vocabulary: tuple[str, ...] = setting(description="known words, in the order of their numbers")
    sentence_length: int = setting(description="words read of a sentence", minimum=1)
    shape: dict[str, Any] = setting(description="sizes of the eyes, as noetra_nano's")
    hidden: int = setting(description="width of the MLP", minimum=1)
    training: dict[str, Any] = setting(description="how it was trained; for people")
    weights_sha256: str = setting(description="of model.safetensors", default="")

    def __post_init__(self) -> None:
        sizes = [len(row) for row in self.way_deviation]
        if sizes != [len(self.joints)] * self.rows:
            got = f"{len(sizes)} rows of {sorted(set(sizes))} numbers"
            expected = f"{self.rows} rows of {len(self.joints)} numbers"
            raise single_fault("corrector", "way_deviation", got, expected)

    def spec(self) -> CorrectorSpec:
        """What it needs and gives."""
        return CorrectorSpec(
            model=f"{self.model} {self.version}",
            joints=tuple(joint.name for joint in self.joints),
            cameras=tuple(
                CameraNeed(c.name, c.width_px, c.height_px, c.colour_order, resize="none")
                for c in self.cameras
            ),
            step_s=self.step_s,
            rows=self.rows,
            limit_rad=np.array([joint.limit_rad for joint in self.joints]),
            ignore_rad=np.array([joint.ignore_rad for joint in self.joints]),
            rate_hz=self.rate_hz,
            latency_s=self.latency_s,
        )


def read_corrector_sheet(folder: Path) -> CorrectorSheet:
    """Read config.yaml.

    Raises:
        ConfigError: no folder, no file, or every fault of the file with its key path.
    """
    if not folder.is_dir():
        remedy = "train one: noetra train-corrector --out DIR"
        raise single_fault(str(folder), "corrector", "no such folder", "a checkpoint folder", remedy)
    return load(CorrectorSheet, read_yaml(folder / CONFIG_FILE), str(folder / CONFIG_FILE))


def write_corrector_sheet(folder: Path, sheet: CorrectorSheet) -> None:
    """Write config.yaml, with the hash of the weights that lie there."""
    content = plain(asdict(sheet)) | {"weights_sha256": weights_sha256(folder)}
    text = yaml.safe_dump(content, sort_keys=False, width=110, default_flow_style=None)
    (folder / CONFIG_FILE).write_text(text, encoding="utf-8")


def weights_sha256(folder: Path) -> str:
    """Hash of model.safetensors; empty = there is none."""
    path = folder / WEIGHTS_FILE
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def require_its_weights(folder: Path, sheet: CorrectorSheet) -> None:
    """Refuse weights that are not those of the sheet.

    Raises:
        ConfigError: another hash.
    """
    found = weights_sha256(folder)
    if found != sheet.weights_sha256:
        remedy = "take both files from one training run"
        fault = Fault("weights_sha256", found or "no file", sheet.weights_sha256 or "a hash", remedy)
        raise ConfigError(str(folder / WEIGHTS_FILE), [fault])
