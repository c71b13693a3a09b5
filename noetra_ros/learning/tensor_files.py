"""Shapes of the tensors of a safetensors file, and whether they fit a network; free of torch."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from noetra_ros.core.errors import ConfigError, Fault, single_fault


def read_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Shapes of all tensors of a safetensors file, from its header alone.

    Raises:
        ConfigError: missing, cut short, or no safetensors file.
    """
    if not path.is_file():
        raise single_fault(str(path), "file", "nothing there", "the weights of the model")
    size = path.stat().st_size
    try:
        with path.open("rb") as stream:
            (header_size,) = struct.unpack("<Q", stream.read(8))
            if header_size > size - 8:
                raise ValueError(f"a header of {header_size} bytes in a file of {size}")
            header: dict[str, Any] = json.loads(stream.read(header_size))
        tensors = {name: row for name, row in header.items() if name != "__metadata__"}
        ends = [int(row["data_offsets"][1]) for row in tensors.values()]
        if 8 + header_size + max(ends, default=0) != size:
            raise ValueError(f"{size} bytes, its header speaks of {8 + header_size + max(ends, default=0)}")
        return {name: tuple(row["shape"]) for name, row in tensors.items()}
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "copy it again or train anew"
        raise single_fault(str(path), "file", error, "a whole safetensors file", remedy) from error


def require_shapes(
    path: Path, got: Mapping[str, tuple[int, ...]], expected: Mapping[str, tuple[int, ...]]
) -> None:
    """Refuse weights that do not fit the config.

    Raises:
        ConfigError: every missing, unknown and wrongly shaped tensor.
    """
    faults = [
        Fault(name, "nothing", f"shape {list(shape)}") for name, shape in expected.items() if name not in got
    ]
    for name, shape in got.items():
        if name not in expected:
            faults.append(Fault(name, f"shape {list(shape)}", "no such tensor in this network"))
        elif shape != expected[name]:
            faults.append(Fault(name, f"shape {list(shape)}", f"shape {list(expected[name])}"))
    if faults:
        raise ConfigError(str(path), faults)
