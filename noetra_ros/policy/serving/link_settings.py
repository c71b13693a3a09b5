"""How a robot reaches a model on another machine: one YAML file, given to the policy as its checkpoint."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.policy.serving.messages import MIB
from noetra_ros.policy.serving.tokens import require_private

DEFAULT_PORT = 8765


@dataclass(frozen=True, kw_only=True)
class LinkSettings:
    """Address, secret and bounds of a link; `reply_within_s` has no default: it is a safety threshold."""

    url: str = setting(description="wss://host:port, or ws:// where plain text will do")
    reply_within_s: float = setting(
        "s", "an answer that takes longer is void and the policy fails", minimum=0.01, maximum=10.0
    )
    token: str = setting(description="secret of this robot; empty = the server asks for none", default="")
    connect_within_s: float = setting(
        "s", "time to find the server at the start", minimum=0.1, maximum=60.0, default=5.0
    )
    certificate_authority: str = setting(
        description="PEM file that vouches for the server; empty = those of the system", default=""
    )
    plain_text: bool = setting(
        description="true: pictures and token may go unencrypted to another machine", default=False
    )
    max_message_bytes: int = setting(
        "B", "a longer answer ends the connection", minimum=1024, maximum=256 * MIB, default=4 * MIB
    )

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("ws", "wss") or not parts.hostname:
            raise single_fault("link", "url", repr(self.url), "ws://host:port or wss://host:port")
        if parts.scheme == "ws" and not self.plain_text and not is_loopback(parts.hostname):
            remedy = "serve with a certificate and write wss://, or set plain_text: true"
            raise single_fault("link", "url", self.url, "wss:// to another machine", remedy)

    def __repr__(self) -> str:
        return f"link to {self.url} within {self.reply_within_s:g} s"  # never the token

    def tls(self) -> ssl.SSLContext | None:
        """What checks the server's certificate and name; None for ws://.

        Raises:
            ConfigError: `certificate_authority` is not a readable PEM file.
        """
        if not self.url.startswith("wss:"):
            return None
        try:
            return ssl.create_default_context(cafile=self.certificate_authority or None)
        except (OSError, ssl.SSLError) as error:
            path = self.certificate_authority
            raise single_fault("link", "certificate_authority", f"{path} ({error})", "a PEM file") from error


def is_loopback(host: str) -> bool:
    """True: what goes there does not leave this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_link(path: Path | None, policy: str) -> LinkSettings:
    """Read a link file; a relative `certificate_authority` lies beside it.

    Args:
        path: the policy's checkpoint.
        policy: backend that asks, for messages.

    Raises:
        ConfigError: none given, no such file, or everything that is wrong in it.
    """
    if path is None:
        remedy = "checkpoint: FILE; `noetra serve --invite NAME` writes one"
        raise single_fault(f"policy {policy}", "checkpoint", "nothing", "a link file", remedy)
    settings = load(LinkSettings, read_yaml(path), str(path))
    return located(settings, path)


def located(settings: LinkSettings, path: Path) -> LinkSettings:
    """The settings of a file, with paths that hold wherever the program runs.

    Raises:
        ConfigError: the file holds a token and others can read it.
    """
    if settings.token:
        require_private(path)
    authority = settings.certificate_authority
    if not authority:
        return settings
    found = path.parent / authority
    if not found.is_file():
        raise ConfigError(str(path), [Fault("certificate_authority", str(found), "a PEM file")])
    return replace(settings, certificate_authority=str(found))
