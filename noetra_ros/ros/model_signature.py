"""Who has signed a model: a place of use may allow only models that named people have put their key under.

A signed folder holds signature.json: SHA-256 of each of its files, a public key (Ed25519), its signature.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noetra_ros.core.config import setting
from noetra_ros.core.errors import ConfigError, single_fault
from noetra_ros.core.strictness import ANY
from noetra_ros.safety.audit.keys import PublicKey, SigningKey, default_key_path

FORMAT = "noetra_ros model signature 1"
FILE = "signature.json"
SHIPPED, THIS_MACHINE = "shipped", "this_machine"


@dataclass(frozen=True, kw_only=True)
class SignerSettings:
    """Parameter of whoever loads a model."""

    model_signers: tuple[str, ...] = setting(
        description="who may have signed a model: SHA-256 of their public keys (noetra sign-model prints "
        "it), this_machine = its own key, shipped = models and policies that come with noetra_ros; "
        "* = anybody, and models that nobody has signed",
        default=(ANY,),
    )


def sign_model(checkpoint: Path, key: SigningKey) -> Path:
    """Put a signature under a model as it is now; gives the file.

    Args:
        checkpoint: folder of a model, or a file that stands for one (a link to a server).
        key: of whoever answers for it.
    """
    files = _hashes(checkpoint)
    content = {
        "format": FORMAT,
        "files": files,
        "public_key": key.public.pem.decode(),
        "signature": key.sign(_words(files)),
    }
    path = _signature_file(checkpoint)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


def signer_of(checkpoint: Path) -> PublicKey:
    """The key under a model that is as it was when it was signed. It says nothing of files that change later.

    Raises:
        ConfigError: nobody has signed it, the signature is none, or a file is not as it was.
    """
    path = _signature_file(checkpoint)
    remedy = f"look at the model, then: noetra sign-model {checkpoint}"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise single_fault(str(checkpoint), "signature", str(error), "a signed model", remedy) from None
    if not (_is_signature(content) and content["format"] == FORMAT):
        raise single_fault(str(path), "signature", "no signature of this kind", FORMAT, remedy)
    key = PublicKey.of_pem(content["public_key"].encode(), str(path))
    if not key.has_signed(_words(content["files"]), content["signature"]):
        raise single_fault(str(path), "signature", "not of the key beside it", "a genuine one", remedy)
    here = _hashes(checkpoint)
    changed = sorted(name for name in here | content["files"] if here.get(name) != content["files"].get(name))
    if changed:
        expected = "the files that were signed, no other and none changed"
        raise single_fault(str(checkpoint), "files", ", ".join(changed), expected, remedy)
    return key


def require_signed(checkpoint: str, signers: Sequence[str]) -> None:
    """See that a model may be loaded here.

    Args:
        checkpoint: folder or file; empty = what the package ships.
        signers: as `SignerSettings.model_signers`.

    Raises:
        ConfigError: nobody of them has signed it.
    """
    if ANY in signers:
        return
    allowed = ", ".join(name for name in signers if name) or "nobody"
    if not checkpoint:
        if SHIPPED not in signers:
            raise single_fault(
                "policy",
                "model_signers",
                "a model that ships with noetra_ros",
                f"one signed by {allowed}",
                "give checkpoint:=FOLDER of a model that they have signed",
            )
        return
    key = signer_of(Path(checkpoint.partition("#")[0]))  # FOLDER#3: an episode of a recording
    if key.sha256 not in _keys(signers):
        remedy = "let one of them look at the model and sign it"
        raise single_fault("policy", "model_signers", f"signed by {key.sha256}", allowed, remedy)


def _keys(signers: Sequence[str]) -> set[str]:
    """SHA-256 of the keys; the machine's own is not made here."""
    keys = {*signers} - {"", SHIPPED, THIS_MACHINE}
    if THIS_MACHINE in signers and default_key_path().exists():
        with contextlib.suppress(ConfigError):  # a key that others may read stands for nobody
            keys.add(SigningKey.load_or_make(default_key_path()).public.sha256)
    return keys


def _signature_file(checkpoint: Path) -> Path:
    return checkpoint / FILE if checkpoint.is_dir() else checkpoint.with_name(f"{checkpoint.name}.{FILE}")


def _hashes(checkpoint: Path) -> dict[str, str]:
    """SHA-256 by name, from the folder; of a file by itself.

    Raises:
        ConfigError: nothing there.
    """
    if checkpoint.is_file():
        return {checkpoint.name: _sha256(checkpoint)}
    if not checkpoint.is_dir():
        raise single_fault(str(checkpoint), "checkpoint", "nothing there", "folder or file of a model")
    paths = [path for path in sorted(checkpoint.rglob("*")) if path.is_file()]
    names = {path.relative_to(checkpoint).as_posix(): path for path in paths}
    return {name: _sha256(path) for name, path in names.items() if name != FILE}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _words(files: dict[str, str]) -> str:
    return json.dumps([FORMAT, files], sort_keys=True)


def _is_signature(content: Any) -> bool:
    return (
        isinstance(content, dict)
        and isinstance(content.get("files"), dict)
        and all(isinstance(content.get(name), str) for name in ("format", "public_key", "signature"))
    )
