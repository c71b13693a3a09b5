"""A trained model as a folder: config.yaml (needs, normalisation, origin) and model.safetensors (weights).

Nothing is unpickled. The config is read without torch: a spec is known before anything heavy is loaded.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.spec import CameraNeed, JointStatistics, PolicySpec

CONFIG_FILE = "config.yaml"
WEIGHTS_FILE = "model.safetensors"
SHIPPED_FOLDER = Path(__file__).parent / "checkpoints"


@dataclass(frozen=True)
class CameraConfig:
    """One picture that the network was trained on."""

    name: str = setting(description="camera of the robot profile")
    width_px: int = setting("px", "width", minimum=16)
    height_px: int = setting("px", "height", minimum=16)
    colour_order: str = setting(description="order of the channels", choices=("rgb", "bgr"))


@dataclass(frozen=True)
class JointConfig:
    """One joint: its numbers in the training data, which are the network's normalisation."""

    name: str = setting(description="joint of the robot profile")
    mean: float = setting("rad", "mean position")
    deviation: float = setting("rad", "standard deviation of the position", minimum=1e-6)
    lowest: float = setting("rad", "smallest action in the data")
    highest: float = setting("rad", "largest action in the data")


@dataclass(frozen=True)
class CheckpointConfig:
    """All that a checkpoint says of itself besides its weights."""

    model: str = setting(description="kind of network", choices=("noetra_nano", "noetra"))
    version: str = setting(description="version of these weights")
    robot: str = setting(description="robot profile of the data")
    unit: str = setting(description="unit of joints and actions", choices=("rad", "deg"))
    cameras: tuple[CameraConfig, ...] = setting(description="pictures, in the network's order")
    joints: tuple[JointConfig, ...] = setting(description="joints, in the network's order")
    rows: int = setting(description="rows of a chunk", minimum=1)
    step_s: float = setting("s", "between rows", minimum=1e-3)
    start_offset_s: float = setting("s", "from the observation to row 0", minimum=0.0)
    replan_s: float = setting("s", "between inferences", minimum=1e-3)
    way_deviation: tuple[tuple[float, ...], ...] = setting(
        "rad", "spread of the way from the measured joint to each row: rows x joints"
    )
    vocabulary: tuple[str, ...] = setting(description="known words, in the order of their numbers")
    sentence_length: int = setting(description="words read of a sentence", minimum=1)
    shape: dict[str, Any] = setting(description="sizes of the network")
    training: dict[str, Any] = setting(description="how it was trained; for people")

    def __post_init__(self) -> None:
        if len({(c.width_px, c.height_px) for c in self.cameras}) != 1:
            got = ", ".join(f"{c.name} {c.width_px}x{c.height_px}" for c in self.cameras) or "none"
            raise single_fault("checkpoint", "cameras", got, "one camera or more, all of one size")
        sizes = [len(row) for row in self.way_deviation]
        if sizes != [len(self.joints)] * self.rows:
            got = f"{len(sizes)} rows of {sorted(set(sizes))} numbers"
            raise single_fault(
                "checkpoint", "way_deviation", got, f"{self.rows} rows of {len(self.joints)} numbers"
            )

    def spec(self) -> PolicySpec:
        """What the model needs and gives."""
        names = tuple(joint.name for joint in self.joints)
        return PolicySpec(
            model=f"{self.model} {self.version}",
            kind=CommandKind.JOINT_POSITION,
            joints=names,
            actions=names,
            unit=self.unit,
            rows=self.rows,
            step_s=self.step_s,
            start_offset_s=self.start_offset_s,
            replan_s=self.replan_s,
            cameras=tuple(
                CameraNeed(c.name, c.width_px, c.height_px, c.colour_order, resize="none")
                for c in self.cameras  # trained on pictures as the cameras of the profile take them
            ),
            statistics=tuple(
                JointStatistics(j.name, j.mean, j.deviation, j.lowest, j.highest) for j in self.joints
            ),
        )


def write_config(folder: Path, config: CheckpointConfig) -> None:
    """Write config.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(plain(asdict(config)), sort_keys=False, width=110, default_flow_style=None)
    (folder / CONFIG_FILE).write_text(text, encoding="utf-8")


def read_config(folder: Path) -> CheckpointConfig:
    """Read config.yaml.

    Raises:
        ConfigError: no folder, no file, or every fault of the file with its key path.
    """
    if not folder.is_dir():
        remedy = "train one: noetra train --data DIR --out DIR"
        raise single_fault(str(folder), "checkpoint", "no such folder", "a checkpoint folder", remedy)
    path = folder / CONFIG_FILE
    return load(CheckpointConfig, read_yaml(path), str(path))


def plain(value: Any) -> Any:
    """Lists for tuples: YAML knows no tuples."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
