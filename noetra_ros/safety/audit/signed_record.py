"""One record that stands alone, signed: what was tested, when, on what, with which result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from noetra_ros.safety.audit.keys import PublicKey, SigningKey

OWN_KEYS = ("key", "signature")


def signed(record: Mapping[str, Any], key: SigningKey) -> dict[str, Any]:
    """The record with `key` (fingerprint) and `signature` (hex) over all the rest.

    Raises:
        ValueError: it has one of these keys already, or holds what JSON does not know (NaN is one).
    """
    if taken := {*OWN_KEYS} & record.keys():
        raise ValueError(f"signed record has the key {', '.join(sorted(taken))}, which the signature uses")
    whole = {**record, "key": key.public.fingerprint}
    return {**whole, "signature": key.sign(_text(whole))}


def signature_fault(record: Mapping[str, Any], key: PublicKey) -> str:
    """What is wrong with the signature, in words; empty = `key` has signed exactly this."""
    if record.get("key") != key.fingerprint:
        return f"signed by the key {record.get('key')}, expected {key.fingerprint}"
    rest = {name: value for name, value in record.items() if name != "signature"}
    if not key.has_signed(_text(rest), str(record.get("signature"))):
        return "content and signature differ"
    return ""


def _text(record: Mapping[str, Any]) -> str:
    """The same for every order of keys."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), allow_nan=False)
