"""One record of the audit log as one line: JSON, bound to the line before by SHA-256 over its bytes.

A line is ``{"sequence":N,"previous":"<hash of the line before>",<the record>,"hash":"<of all before it>"}``.
The hash is taken over bytes and every part is compared as bytes: no bit can change without being seen, also
none that JSON would read as the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FIRST_LINK = "0" * 64
OWN_KEYS = frozenset({"sequence", "previous", "hash"})
_MARK = b',"hash":"'
_END = b'"}\n'
_TAIL = len(_MARK) + 64 + len(_END)


def write_line(sequence: int, previous: str, record: Mapping[str, Any]) -> tuple[bytes, str]:
    """The line of a record, and its hash.

    Raises:
        ValueError: a key that is the line's own, or a value that JSON does not know (NaN is one).
    """
    if taken := OWN_KEYS & record.keys():
        raise ValueError(f"audit record has the key {', '.join(sorted(taken))}, which the line uses itself")
    body = {"sequence": sequence, "previous": previous, **record}
    text = json.dumps(body, separators=(",", ":"), allow_nan=False)[:-1].encode()
    link = hashlib.sha256(text).hexdigest()
    return text + _MARK + link.encode() + _END, link


def link_of(line: bytes, sequence: int, previous: str) -> str:
    """Hash of a line that is what it claims to be, and follows the line `previous`.

    Raises:
        ValueError: it does not; says how.
    """
    text, tail = line[:-_TAIL], line[-_TAIL:]
    if not (text and tail.startswith(_MARK) and tail.endswith(_END)):
        raise ValueError("not a whole record")
    if hashlib.sha256(text).hexdigest().encode() != tail[len(_MARK) : -len(_END)]:
        raise ValueError("content and hash differ")
    if not text.startswith(b'{"sequence":%d,' % sequence):
        raise ValueError(f"not number {sequence}, which is due here")
    if not text.startswith(b'{"sequence":%d,"previous":"%s"' % (sequence, previous.encode())):
        raise ValueError("does not follow the record before it")
    return tail[len(_MARK) : -len(_END)].decode()


def record_of(line: bytes) -> dict[str, Any]:
    """What a line says, `sequence` and hashes included.

    Raises:
        ValueError: no JSON object.
    """
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ValueError("no JSON object")
    return record
