"""Remembers what an environment was made from, so that a second set-up has nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

STAMP_NAME = "noetra_setup.json"


def digest_of(paths: Iterable[Path], *words: str) -> str:
    """Hash of the names and contents of files and of some words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_stamps(venv: Path) -> dict[str, str]:
    """What was done to an environment: step name -> digest; empty if nothing is known."""
    try:
        return json.loads((venv / STAMP_NAME).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        return {}


def write_stamp(venv: Path, step: str, digest: str) -> None:
    """Notes that a step is done."""
    stamps = {**read_stamps(venv), step: digest}
    (venv / STAMP_NAME).write_text(json.dumps(stamps, indent=1) + "\n", encoding="utf-8")
