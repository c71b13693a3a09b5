"""Who may ask: one secret token for each robot, in a file that nobody else can read."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault, single_fault

TOKEN_BYTES = 32
SHORTEST_TOKEN = 20  # characters; a word that a person made up is shorter


@dataclass(frozen=True)
class Tokens:
    """Names of robots and their tokens."""

    robots: dict[str, str] = setting(description="token of each robot, by its name")
    _secrets: dict[str, bytes] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        faults = [
            Fault(f"robots.{name}", f"a token of {len(token)} characters", f">= {SHORTEST_TOKEN}")
            for name, token in self.robots.items()
            if len(token) < SHORTEST_TOKEN
        ]
        if len(set(self.robots.values())) < len(self.robots):
            faults.append(Fault("robots", "one token for several robots", "a token for each"))
        if faults:
            raise ConfigError("tokens", faults)
        self._secrets.update({name: token.encode() for name, token in self.robots.items()})

    def __repr__(self) -> str:
        return f"Tokens of {', '.join(self.robots) or 'nobody'}"

    def robot_of(self, token: str) -> str | None:
        """The robot that a token belongs to; takes the same time for every wrong one."""
        found = None
        for name, secret in self._secrets.items():
            if hmac.compare_digest(secret, token.encode("utf-8", "replace")):
                found = name
        return found

    def robot_of_header(self, authorization: str, scheme: str) -> str | None:
        """The robot that an ``Authorization`` header names.

        Args:
            authorization: e.g. ``Bearer abc``, or ``Basic`` with the token as password, as a browser asks.
            scheme: the one that is allowed here: ``bearer`` or ``basic``.
        """
        given, _, content = authorization.partition(" ")
        if given.lower() != scheme:
            return None
        return self.robot_of(content.strip() if scheme == "bearer" else _password(content))


def read_tokens(path: Path) -> Tokens:
    """Read a token file.

    Raises:
        ConfigError: no such file, readable by others, or a token that is too short or used twice.
    """
    if not path.is_file():
        remedy = f"make a token for a robot: noetra serve --tokens {path} --invite NAME"
        raise single_fault(str(path), "tokens", "no such file", "a token file", remedy)
    require_private(path)
    return load(Tokens, read_yaml(path), str(path))


def add_robot(path: Path, robot: str) -> str:
    """Give a robot a token of its own, new where it had one; makes the file where there is none.

    Returns:
        The token.
    """
    robots = dict(read_tokens(path).robots) if path.exists() else {}
    robots[robot] = secrets.token_urlsafe(TOKEN_BYTES)
    write_private(path, yaml.safe_dump({"robots": robots}))
    return robots[robot]


def require_private(path: Path) -> None:
    """Refuse a file with a secret that other users of the machine can read.

    Raises:
        ConfigError: they can.
    """
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise single_fault(str(path), "mode", f"{mode:04o}", "0600: it holds a secret", f"chmod 600 {path}")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; a reader sees the old or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    fresh.replace(path)


def _password(content: str) -> str:
    try:
        return base64.b64decode(content, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
