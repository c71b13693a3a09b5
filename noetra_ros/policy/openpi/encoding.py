"""openpi's msgpack: an array is a map with the keys ``__ndarray__``, data, dtype and shape, as bytes.

Read from the public client and server of openpi (packages/openpi-client). Numbers alone pass: no objects.
"""

from __future__ import annotations

import math
from typing import Any

import msgpack
import numpy as np

from noetra_ros.policy.serving.wire import WireError

ARRAY, SCALAR = b"__ndarray__", b"__npgeneric__"
NUMBER_KINDS = "biuf"
MAX_DIMENSIONS = 5
SHOWN_CHARACTERS = 80


def encode(message: dict[str, Any]) -> bytes:
    """The bytes of nested dicts of plain values and arrays."""
    return bytes(msgpack.packb(message, default=_array_to_map, use_bin_type=True))


def decode(data: bytes) -> Any:
    """What `data` holds; arrays are read-only views into it.

    Raises:
        WireError: not msgpack, or an array of anything but numbers, or of another length than it says.
    """
    try:
        return msgpack.unpackb(data, raw=False, object_hook=_map_to_array, max_ext_len=0)
    except WireError:
        raise
    except Exception as error:  # msgpack raises a dozen unrelated types on damaged input
        words = f"{type(error).__name__} {error}"[:SHOWN_CHARACTERS]
        raise WireError(f"{len(data)} bytes that are not openpi's msgpack ({words})") from error


def _array_to_map(value: Any) -> dict[bytes, Any]:
    if isinstance(value, np.ndarray) and value.dtype.kind in NUMBER_KINDS:
        return {ARRAY: True, b"data": value.tobytes(), b"dtype": value.dtype.str, b"shape": value.shape}
    raise TypeError(f"openpi's messages hold no {type(value).__name__}")


def _map_to_array(content: dict[Any, Any]) -> Any:
    if ARRAY not in content and SCALAR not in content:
        return content
    dtype = _dtype(content.get(b"dtype"))
    data = content.get(b"data")
    if SCALAR in content:
        if not isinstance(data, (bool, int, float)):
            raise WireError(f"a number of type {type(data).__name__}")
        return dtype.type(data)
    shape = content.get(b"shape")
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS or not isinstance(data, bytes):
        raise WireError("an array without shape and data")
    if not all(type(n) is int and n >= 0 for n in shape):
        raise WireError("an array without a shape of whole numbers")
    if math.prod(shape) * dtype.itemsize != len(data):
        raise WireError(f"an array of shape {shape} in {len(data)} bytes of {dtype}")
    return np.frombuffer(data, dtype).reshape(shape)


def _dtype(words: Any) -> np.dtype:
    try:
        dtype = np.dtype(words if isinstance(words, str) else "V")
    except TypeError as error:
        raise WireError(f"an array of {words!r}"[:SHOWN_CHARACTERS]) from error
    if dtype.kind not in NUMBER_KINDS:
        raise WireError(f"an array of {words!r}, expected numbers"[:SHOWN_CHARACTERS])
    return dtype
