"""How a folder of training data was made: one JSON file in it, written once and compared ever after."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from noetra_ros.core.config import load
from noetra_ros.core.errors import ConfigError, Fault, single_fault

Description = TypeVar("Description")


def write_once(path: Path, description: object) -> None:
    """Write a dataclass, or check that the file there says the same (a run that is continued).

    Raises:
        ConfigError: what lies there was made otherwise.
    """
    kind = type(description)
    if path.is_file():
        there, wanted = asdict(read_json(path, kind, "")), asdict(description)  # type: ignore[call-overload]
        faults = [
            Fault(key, str(value), str(there[key]), "use another --out, or the same options")
            for key, value in wanted.items()
            if value != there[key]
        ]
        if faults:
            raise ConfigError(str(path), faults)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(description), indent=1), encoding="utf-8")  # type: ignore[call-overload]


def read_json(path: Path, kind: type[Description], remedy: str) -> Description:
    """Read a dataclass.

    Args:
        path: of the JSON file.
        kind: the dataclass.
        remedy: how to make the file, where it is missing.

    Raises:
        ConfigError: it is missing or malformed.
    """
    if not path.is_file():
        raise single_fault(str(path), "file", "nothing there", "a folder of training data", remedy)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise single_fault(str(path), "file", error, "valid JSON") from error
    if not isinstance(values, dict):
        raise single_fault(str(path), "file", type(values).__name__, "a mapping")
    return load(kind, values, str(path))
