"""The key that signs an audit log (Ed25519): made once for a machine, its public half goes to the auditor."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from noetra_ros.core.errors import single_fault

EXPECTED = "an Ed25519 key in PEM format"
OWNER_ONLY = 0o600


class PublicKey:
    """Checks signatures.

    Args:
        key: Ed25519.
    """

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.sha256 = hashlib.sha256(raw).hexdigest()
        self.fingerprint = self.sha256[:16]

    @classmethod
    def read(cls, path: Path) -> PublicKey:
        """From a PEM file.

        Raises:
            ConfigError: no such file, or another kind of key.
        """
        try:
            pem = path.read_bytes()
        except OSError as error:
            raise single_fault(str(path), "public key", str(error), EXPECTED) from None
        return cls.of_pem(pem, str(path))

    @classmethod
    def of_pem(cls, pem: bytes, source: str) -> PublicKey:
        """From the content of a PEM file.

        Args:
            pem: content.
            source: where it is from, for messages.

        Raises:
            ConfigError: another kind of key, or none.
        """
        try:
            key = serialization.load_pem_public_key(pem)
        except ValueError as error:
            raise single_fault(source, "public key", str(error), EXPECTED) from None
        if not isinstance(key, Ed25519PublicKey):
            raise single_fault(source, "public key", type(key).__name__, EXPECTED)
        return cls(key)

    @property
    def pem(self) -> bytes:
        """PEM file."""
        kind = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_bytes(serialization.Encoding.PEM, kind)

    def has_signed(self, text: str, signature: str) -> bool:
        """Is `signature` (hex) of this key under `text`?"""
        try:
            raw = bytes.fromhex(signature)
            self._key.verify(raw, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return raw.hex() == signature  # not hex that says the same, but was not written so


class SigningKey:
    """Signs. The private half never leaves this object and its file.

    Args:
        key: Ed25519.
    """

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key())

    @classmethod
    def load_or_make(cls, path: Path) -> SigningKey:
        """From a PEM file that its owner alone may read; made where there is none.

        Raises:
            ConfigError: not a key, or others may read it.
        """
        try:
            if not path.exists():
                return cls._make(path)
            if path.stat().st_mode & 0o077:
                remedy = f"chmod 600 {path}; if others have read it, make a new one"
                raise single_fault(
                    str(path), "permissions", oct(path.stat().st_mode & 0o777), "0o600", remedy
                )
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise single_fault(str(path), "signing key", str(error), EXPECTED) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise single_fault(str(path), "signing key", type(key).__name__, EXPECTED)
        return cls(key)

    @classmethod
    def _make(cls, path: Path) -> SigningKey:
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        return cls(key)

    def sign(self, text: str) -> str:
        """Signature, hex."""
        return self._key.sign(text.encode()).hex()


def default_key_path() -> Path:
    """Where this user's key is."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "noetra" / "audit_key.pem"
