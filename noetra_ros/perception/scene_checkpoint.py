"""What a noetra_scene checkpoint says of itself: config.yaml beside model.safetensors; read without torch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import single_fault
from noetra_ros.perception.detector import DetectorSpec

CONFIG_FILE = "config.yaml"
WEIGHTS_FILE = "model.safetensors"
SHIPPED_FOLDER = Path(__file__).parent / "checkpoints" / "noetra_scene"


@dataclass(frozen=True)
class SceneCheckpoint:
    """All that a checkpoint says of itself besides its weights."""

    model: str = setting(description="kind of network", choices=("noetra_scene",))
    version: str = setting(description="version of these weights")
    robot: str = setting(description="robot profile of the pictures")
    cameras: dict[str, tuple[int, int]] = setting("px", "width and height of the pictures by camera")
    surroundings: tuple[str, ...] = setting(
        description="what a pixel may show besides things, in the network's order, the background first"
    )
    things: tuple[str, ...] = setting(description="things that are found, in the network's order")
    score_threshold: float = setting(
        description="less certain findings are dropped", minimum=0.0, maximum=1.0
    )
    centre_threshold: float = setting(
        description="less certain centres of things are no centres", minimum=0.0, maximum=1.0
    )
    least_area_px: int = setting("px", "smaller findings are dropped", minimum=1)
    people_bias: float = setting(
        description="added to the logits of person and hand on the background: in doubt, a person",
        minimum=0.0,
        maximum=10.0,
    )
    shape: dict[str, int] = setting(description="sizes of the network")
    training: dict[str, Any] = setting(description="how it was trained; for people")

    @property
    def classes(self) -> tuple[str, ...]:
        """What a pixel may show, by number."""
        return (*self.surroundings, *self.things)

    def spec(self, score_threshold: float | None = None) -> DetectorSpec:
        """What it finds; `score_threshold` in place of the checkpoint's own."""
        least = self.score_threshold if score_threshold is None else score_threshold
        return DetectorSpec(f"{self.model} {self.version}", self.things, least, has_masks=True)


def write_checkpoint_config(folder: Path, config: SceneCheckpoint) -> None:
    """Write config.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(_plain(asdict(config)), sort_keys=False, width=110, default_flow_style=None)
    (folder / CONFIG_FILE).write_text(text, encoding="utf-8")


def read_checkpoint_config(folder: Path) -> SceneCheckpoint:
    """Read config.yaml.

    Raises:
        ConfigError: no folder, no file, or every fault of the file with its key path.
    """
    if not folder.is_dir():
        remedy = "train one: noetra train-scene --data DIR --out DIR"
        raise single_fault(str(folder), "checkpoint", "no such folder", "a checkpoint folder", remedy)
    path = folder / CONFIG_FILE
    return load(SceneCheckpoint, read_yaml(path), str(path))


def _plain(value: Any) -> Any:
    """Lists for tuples: YAML knows no tuples."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
