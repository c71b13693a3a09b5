"""Signed checkpoints of an audit log, and the head: what the log must at least reach."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noetra_ros.safety.audit.keys import PublicKey, SigningKey

CHECKPOINT = "checkpoint"
HEAD_FILE = "head.json"


def checkpoint_record(
    key: SigningKey, sequence: int, previous: str, utc_ns: int, is_end: bool
) -> dict[str, Any]:
    """The record that signs everything before it."""
    return {
        "kind": CHECKPOINT,
        "utc_ns": utc_ns,
        "is_end": is_end,
        "key": key.public.fingerprint,
        "signature": key.sign(_checkpoint_text(sequence, previous, utc_ns, is_end)),
    }


def checkpoint_fault(record: dict[str, Any], key: PublicKey) -> str:
    """What is wrong with a checkpoint's signature; empty = nothing."""
    if record.get("key") != key.fingerprint:
        return f"signed by the key {record.get('key')}, not by {key.fingerprint}"
    values = (record.get(name) for name in ("sequence", "previous", "utc_ns", "is_end"))
    if not key.has_signed(_checkpoint_text(*values), str(record.get("signature"))):
        return "the signature is not of this key and text"
    return ""


@dataclass(frozen=True)
class Head:
    """The newest checkpoint, in a file beside the log: without it nobody would miss an end that was cut off.

    Attributes:
        sequence: of the checkpoint.
        link: its hash.
        signature: over both.
    """

    sequence: int
    link: str
    signature: str

    @classmethod
    def made(cls, key: SigningKey, sequence: int, link: str) -> Head:
        """Signed."""
        return cls(sequence, link, key.sign(_head_text(sequence, link)))

    @classmethod
    def read(cls, folder: Path, key: PublicKey) -> Head | None:
        """From a log's folder; None where there is none.

        Raises:
            ValueError: it is not what was written.
        """
        path = folder / HEAD_FILE
        if not path.exists():
            return None
        raw = path.read_bytes()
        try:
            head = cls(**json.loads(raw))
        except (ValueError, TypeError):
            raise ValueError("not a head") from None
        if head.written != raw or not key.has_signed(_head_text(head.sequence, head.link), head.signature):
            raise ValueError(f"not signed by the key {key.fingerprint}")
        return head

    @property
    def written(self) -> bytes:
        """Its file."""
        return json.dumps(vars(self), separators=(",", ":")).encode()

    def write(self, folder: Path) -> None:
        """In one move: after a power cut there is the old one or the new one."""
        temporary = folder / f".{HEAD_FILE}"
        with temporary.open("wb") as file:
            file.write(self.written)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / HEAD_FILE)


def _checkpoint_text(sequence: Any, previous: Any, utc_ns: Any, is_end: Any) -> str:
    return f"noetra audit checkpoint {sequence} {previous} {utc_ns} {is_end}"


def _head_text(sequence: int, link: str) -> str:
    return f"noetra audit head {sequence} {link}"
