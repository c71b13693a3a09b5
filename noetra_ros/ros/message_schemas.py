"""Definitions of message types as recordings hold them (ros2msg): a type, then all that it is made of."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

from noetra_ros.core.errors import single_fault

SEPARATOR = "=" * 80
FIELD = re.compile(r"^\s*([A-Za-z][\w/]*)(?:<=\d+)?(?:\[[^\]]*\])?\s+[a-z]\w*\s*(?:#.*|\s.*)?$")
PRIMITIVES = {
    "bool", "byte", "char", "float32", "float64", "int8", "uint8", "int16", "uint16", "int32", "uint32",
    "int64", "uint64", "string", "wstring",
}  # fmt: skip


def full_type_name(kind: type[Any]) -> str:
    """A message type as recordings name it, e.g. ``sensor_msgs/msg/JointState``."""
    return f"{kind.__module__.split('.')[0]}/msg/{kind.__name__}"


def schema_of(kind: type[Any]) -> str:
    """Definition of a message type with those of all messages in it.

    Raises:
        ConfigError: the package was installed without its .msg files.
    """
    package = kind.__module__.split(".")[0]
    parts = [_definition(package, kind.__name__)]
    waiting, seen = _inner_types(parts[0], package), {f"{package}/{kind.__name__}"}
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        inner_package, _, inner = name.partition("/")
        text = _definition(inner_package, inner)
        parts.append(f"MSG: {name}\n{text}")
        waiting += _inner_types(text, inner_package)
    return f"\n{SEPARATOR}\n".join(parts)


def _inner_types(text: str, package: str) -> list[str]:
    """Names ``package/Type`` of the messages that a definition holds."""
    found = []
    for line in text.splitlines():
        match = FIELD.match(line.partition("#")[0].rstrip())
        if match is None or match[1] in PRIMITIVES:
            continue
        owner, _, name = match[1].replace("/msg/", "/").rpartition("/")
        found.append(f"{owner or package}/{name}")
    return found


def _definition(package: str, name: str) -> str:
    """Text of an installed .msg file, found from the Python of the same package."""
    module = importlib.import_module(f"{package}.msg")
    for folder in Path(str(module.__file__)).resolve().parents:
        path = folder / "share" / package / "msg" / f"{name}.msg"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise single_fault(
        "black box", f"{package}/msg/{name}.msg", "not found", "an installed message definition",
        f"install {package} with its share folder",
    )  # fmt: skip
