"""Moves weights between files and networks: safetensors, or a state dict read with `weights_only`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.learning.tensor_files import read_shapes, require_shapes

STATE_DICT_SUFFIXES = (".pt", ".pth")
WRAPPING_KEYS = ("model", "state_dict", "model_state_dict")
PARALLEL_PREFIX = "module."


def save_weights(path: Path, network: nn.Module) -> None:
    """Write all parameters and buffers as safetensors."""
    weights = {name: tensor.detach().contiguous() for name, tensor in network.state_dict().items()}
    save_file(weights, str(path))


def load_weights_into(network: nn.Module, path: Path, ignored: tuple[str, ...] = ()) -> None:
    """Give `network` the weights of a file; it is then ready for inference and learns no more.

    Args:
        network: built as the file's was.
        path: ``.safetensors``, or ``.pt`` / ``.pth`` with a state dict: bare, under ``model`` or
            ``state_dict`` (as training scripts save it), with or without the prefix of DataParallel.
        ignored: tensors whose names begin so are left aside: parts that only training needs.

    Raises:
        ConfigError: unreadable file, every tensor that is missing, unknown or wrongly shaped, or not finite.
    """
    expected = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    weights = {name: tensor for name, tensor in _read(path).items() if not name.startswith(ignored)}
    require_shapes(path, {name: tuple(tensor.shape) for name, tensor in weights.items()}, expected)
    _require_finite(path, weights)
    network.load_state_dict(weights)
    network.train(False).requires_grad_(False)


def _read(path: Path) -> dict[str, Tensor]:
    if path.suffix in STATE_DICT_SUFFIXES:
        return _read_state_dict(path)
    read_shapes(path)  # names what is wrong with the file, which the library does not
    return load_file(str(path))


def _read_state_dict(path: Path) -> dict[str, Tensor]:
    """The tensors of a file of `torch.save`; nothing but tensors and plain containers is ever built."""
    if not path.is_file():
        raise single_fault(str(path), "file", "nothing there", "the weights of the model")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises errors of many kinds for a file that it does not trust
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        remedy = "save network.state_dict() alone, best as safetensors"
        raise single_fault(str(path), "file", reason, "a state dict of tensors", remedy) from error
    found = _unwrapped(content)
    if not isinstance(found, Mapping) or not all(isinstance(value, Tensor) for value in found.values()):
        raise single_fault(str(path), "file", type(content).__name__, "a state dict of tensors")
    return {str(name).removeprefix(PARALLEL_PREFIX): value for name, value in found.items()}


def _unwrapped(content: Any) -> Any:
    """The state dict itself where a training script has put it beside its optimiser's."""
    if isinstance(content, Mapping):
        for key in WRAPPING_KEYS:
            if isinstance(content.get(key), Mapping):
                return content[key]
    return content


def _require_finite(path: Path, weights: Mapping[str, Tensor]) -> None:
    bad = [name for name, tensor in weights.items() if not bool(torch.isfinite(tensor).all())]
    if bad:
        raise ConfigError(str(path), [Fault(name, "NaN or infinity", "finite weights") for name in bad])
