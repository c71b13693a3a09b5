"""Typed configuration: the dataclass is the only truth, YAML overrides it; all faults are told at once."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from noetra_ros.core.errors import ConfigError, Fault, single_fault

Settings = TypeVar("Settings")


def setting(
    unit: str = "",
    description: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    **field_arguments: Any,
) -> Any:
    """A dataclass field that knows its unit, meaning and range, for loaders, parameters and reference tables.

    Args:
        unit: SI symbol, empty for none.
        description: one line for the reference tables.
        minimum: smallest allowed number (inclusive).
        maximum: largest allowed number (inclusive).
        choices: allowed words.
        **field_arguments: passed on to `dataclasses.field` (default, default_factory).
    """
    metadata = {
        "unit": unit,
        "description": description,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
    }
    return dataclasses.field(metadata=metadata, **field_arguments)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read one YAML mapping.

    Raises:
        ConfigError: no such file, not YAML, or not a mapping.
    """
    if not path.is_file():
        raise single_fault(str(path), "file", "nothing there", "a readable YAML file")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise single_fault(str(path), "file", str(error).replace("\n", " "), "valid YAML") from error
    if not isinstance(content, dict):
        raise single_fault(str(path), "file", type(content).__name__, "a mapping of keys to values")
    return content


def load(settings_type: type[Settings], values: Mapping[str, Any], source: str) -> Settings:
    """Build a settings dataclass from plain values, checking every key, type and range.

    Args:
        settings_type: a dataclass, of scalars, dataclasses, tuples, dicts, enums and unions with None.
        values: what the YAML file says.
        source: file name for messages.

    Raises:
        ConfigError: with every fault and its key path.
    """
    faults: list[Fault] = []
    built = _build(settings_type, values, "", faults)
    if faults:
        raise ConfigError(source, faults)
    return typing.cast(Settings, built)


def _build(kind: Any, value: Any, key: str, faults: list[Fault]) -> Any:
    """One value of type `kind`; appends to `faults` and returns None where it is wrong."""
    origin = typing.get_origin(kind)
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, value, key, faults)
    if origin in (typing.Union, types.UnionType):
        return _build_union(kind, value, key, faults)
    if origin is tuple:
        return _build_tuple(kind, value, key, faults)
    if origin is dict:
        return _build_dict(kind, value, key, faults)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _build_enum(kind, value, key, faults)
    return _build_scalar(kind, value, key, faults)


def _build_dataclass(kind: Any, value: Any, key: str, faults: list[Fault]) -> Any:
    if not isinstance(value, Mapping):
        faults.append(Fault(key or "top level", repr(value), "a mapping of keys to values"))
        return None
    before = len(faults)
    hints = typing.get_type_hints(kind)
    fields = {f.name: f for f in dataclasses.fields(kind) if f.init}
    for name in value:
        if name not in fields:
            remedy = f"known keys: {', '.join(sorted(fields))}"
            faults.append(Fault(_join(key, str(name)), "an unknown key", "a known one", remedy))
    arguments: dict[str, Any] = {}
    for name, field in fields.items():
        path = _join(key, name)
        if name in value:
            arguments[name] = _build(hints[name], value[name], path, faults)
            _check_range(field, arguments[name], path, faults)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            faults.append(
                Fault(path, "nothing", _describe(field, hints[name]), "add it; there is no default")
            )
    if len(faults) > before:
        return None
    try:
        return kind(**arguments)
    except ConfigError as error:
        faults.extend(dataclasses.replace(f, key=_join(key, f.key)) for f in error.faults)
        return None


def _build_union(kind: Any, value: Any, key: str, faults: list[Fault]) -> Any:
    members = [m for m in typing.get_args(kind) if m is not type(None)]
    if value is None and len(members) < len(typing.get_args(kind)):
        return None
    return _build(members[0], value, key, faults)


def _build_tuple(kind: Any, value: Any, key: str, faults: list[Fault]) -> Any:
    members = typing.get_args(kind)
    if not isinstance(value, (list, tuple)):
        faults.append(Fault(key, repr(value), "a list"))
        return None
    if len(members) == 2 and members[1] is Ellipsis:
        return tuple(_build(members[0], item, f"{key}[{i}]", faults) for i, item in enumerate(value))
    if len(value) != len(members):
        faults.append(Fault(key, f"{len(value)} values", f"{len(members)} values"))
        return None
    return tuple(
        _build(m, item, f"{key}[{i}]", faults) for i, (m, item) in enumerate(zip(members, value, strict=True))
    )


def _build_dict(kind: Any, value: Any, key: str, faults: list[Fault]) -> Any:
    if not isinstance(value, Mapping):
        faults.append(Fault(key, repr(value), "a mapping of names to values"))
        return None
    member = typing.get_args(kind)[1]
    return {str(name): _build(member, item, _join(key, str(name)), faults) for name, item in value.items()}


def _build_enum(kind: type[Enum], value: Any, key: str, faults: list[Fault]) -> Any:
    words = [str(member.value) for member in kind]
    if str(value) not in words:
        faults.append(Fault(key, repr(value), f"one of {', '.join(words)}"))
        return None
    return kind(value)


def _build_scalar(kind: Any, value: Any, key: str, faults: list[Fault]) -> Any:
    if kind is Any:
        return value
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        if not math.isfinite(value):
            faults.append(Fault(key, str(value), "a finite number"))
            return None
        return float(value)
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind in (str, bool) and isinstance(value, kind):
        return value
    faults.append(Fault(key, repr(value), f"{kind.__name__}"))
    return None


def _check_range(field: dataclasses.Field[Any], value: Any, key: str, faults: list[Fault]) -> None:
    low, high, choices = (field.metadata.get(k) for k in ("minimum", "maximum", "choices"))
    if choices and isinstance(value, str) and value not in choices:
        faults.append(Fault(key, repr(value), f"one of {', '.join(choices)}"))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    unit = field.metadata.get("unit", "")
    if low is not None and value < low:
        faults.append(Fault(key, f"{value} {unit}".strip(), f">= {low} {unit}".strip()))
    if high is not None and value > high:
        faults.append(Fault(key, f"{value} {unit}".strip(), f"<= {high} {unit}".strip()))


def _describe(field: dataclasses.Field[Any], kind: Any) -> str:
    name = getattr(kind, "__name__", str(kind))
    unit = field.metadata.get("unit", "")
    return f"{name} in {unit}" if unit else name


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
