"""A trust model on disk: one safetensors file beside the weights that it watches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.learning.tensor_files import read_shapes
from noetra_ros.policy.trust.distance import FeatureDistance
from noetra_ros.policy.trust.watch import TrustModel

TRUST_FILE = "trust.safetensors"
DIMENSIONS = {"mean": 1, "directions": 2, "spread": 1, "usual": 1, "scores": 1}


def write_trust(folder: Path, model: TrustModel) -> None:
    """Write it into the folder of a checkpoint."""
    tensors = {
        "mean": model.distance.mean,
        "directions": model.distance.directions,
        "spread": model.spread,
        "usual": np.array([*model.usual_distance, *model.usual_disagreement, model.memory]),
        "scores": model.scores,
    }
    contiguous = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    save_file(contiguous, str(folder / TRUST_FILE))


def read_trust(folder: Path) -> TrustModel | None:
    """The trust model of a checkpoint; None = it has none.

    Raises:
        ConfigError: the file is damaged, or holds other tensors, NaN or unsorted scores.
    """
    path = folder / TRUST_FILE
    if not path.is_file():
        return None
    shapes = read_shapes(path)
    faults = [
        Fault(name, f"shape {list(shapes[name])}" if name in shapes else "nothing", f"{count} dimensions")
        for name, count in DIMENSIONS.items()
        if len(shapes.get(name, ())) != count
    ]
    if faults:
        raise ConfigError(str(path), faults)
    tensors = load_file(str(path))
    faults = [
        Fault(name, "NaN or infinity", "finite numbers")
        for name in DIMENSIONS
        if not np.isfinite(tensors[name]).all()
    ]
    if (np.diff(tensors["scores"]) < 0).any() or len(tensors["usual"]) != 5:
        faults.append(Fault("scores", "unsorted, or usual without five numbers", "a file of this version"))
    if faults:
        raise ConfigError(str(path), faults)
    a, b, c, d, memory = (float(number) for number in tensors["usual"])
    distance = FeatureDistance(tensors["mean"], tensors["directions"])
    scores = tensors["scores"].astype(np.float64)
    spread = tensors["spread"].astype(np.float64)
    return TrustModel(distance, spread, (a, b), (c, d), int(memory), scores)
