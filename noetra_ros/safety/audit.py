"""Append-only audit log: JSON lines, each bound to the one before by SHA-256, so that a change shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

FIRST_LINK = "0" * 64


@dataclass(frozen=True)
class AuditFault:
    """The first record that does not fit.

    Attributes:
        line: number of the line, from 1.
        reason: for a person.
    """

    line: int
    reason: str


class AuditLog:
    """Appends records to a file; goes on with the chain of an existing file.

    Each line holds ``sequence``, ``previous`` (hash of the line before), the record, and ``hash`` over all of
    that. The chain shows changed, removed and reordered records; it cannot show that the end was cut off, or
    that someone wrote the whole file anew. Not thread safe: one writer.

    Args:
        path: file; its folder is made.

    Raises:
        ValueError: the file exists and its chain is broken.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._sequence, self._link = 0, FIRST_LINK
        if path.exists():
            fault = verify(path)
            if fault is not None:
                raise ValueError(f"audit log {path}, line {fault.line}: {fault.reason}; move the file away")
            self._sequence, self._link = _tail(path)
        self._file: TextIO = path.open("a", encoding="utf-8")

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one record; its values are JSON types, NaN is written as null by the caller."""
        body = {"sequence": self._sequence, "previous": self._link, **record}
        self._link = _hash(body)
        self._file.write(json.dumps({**body, "hash": self._link}, allow_nan=False) + "\n")
        self._file.flush()
        self._sequence += 1

    def close(self) -> None:
        """End writing."""
        self._file.close()


def verify(path: Path) -> AuditFault | None:
    """The first fault of an audit log; None when every record fits the one before."""
    link = FIRST_LINK
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                claimed = record.pop("hash")
            except (ValueError, KeyError, AttributeError, TypeError):
                return AuditFault(number, "not a record")
            if record.get("sequence") != number - 1:
                return AuditFault(number, f"sequence is {record.get('sequence')}, expected {number - 1}")
            if record.get("previous") != link:
                return AuditFault(number, "does not follow the line before")
            if _hash(record) != claimed:
                return AuditFault(number, "content and hash differ")
            link = claimed
    return None


def _tail(path: Path) -> tuple[int, str]:
    """Next sequence number and last hash of a valid log."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return len(lines), json.loads(lines[-1])["hash"] if lines else FIRST_LINK


def _hash(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
