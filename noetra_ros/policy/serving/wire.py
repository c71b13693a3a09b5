"""Dataclasses to msgpack and back, arrays as (dtype, shape, bytes): by declared type, bounded, never guessed.

The dataclass is the only description of a message. What it does not declare is refused by its key; a field
that still has its default is left out, so that a peer of an older version understands what it can.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

import msgpack
import numpy as np

from noetra_ros.policy.errors import PolicyError

Message = TypeVar("Message")
ARRAY_KEYS = {"dtype", "shape", "data"}
# A picture history of several cameras is (cameras, times, height, width, colours).
MAX_DIMENSIONS = 5
SHOWN_CHARACTERS = 80


class WireError(PolicyError):
    """Bytes that are not the message that was expected."""


def pack(message: Any) -> bytes:
    """The bytes of a dataclass of plain values, enums, tuples, mappings and arrays."""
    return bytes(msgpack.packb(_plain(message), use_bin_type=True))


def unpack(kind: type[Message], data: bytes | str) -> Message:
    """The dataclass that `data` holds; arrays are read-only views into `data`.

    Raises:
        WireError: text, not msgpack, or a key, type, shape or value that `kind` does not allow.
    """
    if not isinstance(data, bytes):
        raise WireError(f"a text message where {kind.__name__} was expected: {data[:SHOWN_CHARACTERS]!r}")
    try:
        plain = msgpack.unpackb(data, raw=False, max_ext_len=0)
    except Exception as error:  # msgpack raises a dozen unrelated types on damaged input
        words = f"{type(error).__name__} {error}"[:SHOWN_CHARACTERS]
        raise WireError(f"{len(data)} bytes that are not msgpack ({words})") from error
    return typing.cast(Message, _typed(kind, plain, kind.__name__))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            field.name: _plain(item)
            for field in dataclasses.fields(value)
            if not _is_default(field, item := getattr(value, field.name))
        }
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "shape": list(value.shape), "data": _bytes_of(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def _bytes_of(array: np.ndarray) -> Any:
    """A view of the array's memory where it is in one piece; msgpack copies it straight into the message."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data if array.size else b""


def _is_default(field: dataclasses.Field[Any], value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return False
    if field.default_factory is not dataclasses.MISSING:
        return isinstance(value, (Mapping, tuple, list)) and not value and not field.default_factory()
    return type(value) is type(field.default) and bool(value == field.default)


def _typed(kind: Any, plain: Any, key: str) -> Any:
    """`plain` as a `kind`; every failure names its key."""
    origin = typing.get_origin(kind)
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, plain, key)
    if origin is np.ndarray:
        return _array(typing.get_args(typing.get_args(kind)[1])[0], plain, key)
    if origin in (typing.Union, types.UnionType):
        return _union(kind, plain, key)
    if origin is tuple:
        return _tuple(typing.get_args(kind), plain, key)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = typing.get_args(kind)[1]
        return {_scalar(str, k, key): _typed(item, v, f"{key}.{k}") for k, v in _mapping(plain, key).items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum(kind, plain, key)
    return _scalar(kind, plain, key)


def _dataclass(kind: Any, plain: Any, key: str) -> Any:
    hints, fields = _declared(kind)
    content = _mapping(plain, key)
    if unknown := sorted(str(name) for name in content if name not in fields):
        raise WireError(f"{key}: unknown {', '.join(unknown)[:SHOWN_CHARACTERS]}; is the peer newer?")
    missing = [name for name, f in fields.items() if name not in content and _is_required(f)]
    if missing:
        raise WireError(f"{key}: lacks {', '.join(missing)}")
    arguments = {name: _typed(hints[name], item, f"{key}.{name}") for name, item in content.items()}
    try:
        return kind(**arguments)
    except ValueError as error:
        raise WireError(f"{key}: {error}") from error


@functools.cache
def _declared(kind: Any) -> tuple[dict[str, Any], dict[str, dataclasses.Field[Any]]]:
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
    return typing.get_type_hints(kind), fields


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _array(scalar: Any, plain: Any, key: str) -> np.ndarray:
    content = _mapping(plain, key)
    if set(content) != ARRAY_KEYS:
        raise WireError(f"{key}: got {sorted(map(str, content))[:5]}, expected an array: dtype, shape, data")
    shape, data, expected = content["shape"], content["data"], np.dtype(scalar)
    if content["dtype"] != expected.str:
        got = repr(content["dtype"])[:SHOWN_CHARACTERS]
        raise WireError(f"{key}: got dtype {got}, expected {expected.str}")
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        raise WireError(f"{key}: shape is no list of at most {MAX_DIMENSIONS} numbers")
    if not all(type(n) is int and n >= 0 for n in shape) or not isinstance(data, bytes):
        raise WireError(f"{key}: shape {shape} or data ({type(data).__name__}) of another type")
    if math.prod(shape) * expected.itemsize != len(data):
        raise WireError(f"{key}: shape {shape} of {expected.str} does not make {len(data)} bytes")
    return np.frombuffer(data, expected).reshape(shape)


def _mapping(plain: Any, key: str) -> dict[Any, Any]:
    if not isinstance(plain, dict):
        raise WireError(f"{key}: got {type(plain).__name__}, expected a map")
    return plain


def _union(kind: Any, plain: Any, key: str) -> Any:
    members = [member for member in typing.get_args(kind) if member is not type(None)]
    if plain is None and len(members) < len(typing.get_args(kind)):
        return None
    return _typed(members[0], plain, key)


def _tuple(members: tuple[Any, ...], plain: Any, key: str) -> tuple[Any, ...]:
    if not isinstance(plain, list):
        raise WireError(f"{key}: got {type(plain).__name__}, expected a list")
    if members[-1] is Ellipsis:
        members = (members[0],) * len(plain)
    if len(members) != len(plain):
        raise WireError(f"{key}: got {len(plain)} values, expected {len(members)}")
    return tuple(
        _typed(m, item, f"{key}[{i}]") for i, (m, item) in enumerate(zip(members, plain, strict=True))
    )


def _enum(kind: type[Enum], plain: Any, key: str) -> Enum:
    try:
        return kind(plain)
    except ValueError as error:
        known = ", ".join(str(member.value) for member in kind)
        raise WireError(f"{key}: got {str(plain)[:SHOWN_CHARACTERS]!r}, expected one of {known}") from error


def _scalar(kind: Any, plain: Any, key: str) -> Any:
    if kind is float and type(plain) is int:
        plain = float(plain)
    if type(plain) is not kind:
        raise WireError(f"{key}: got {type(plain).__name__}, expected {getattr(kind, '__name__', kind)}")
    return plain
