"""Who may open the live page: checked before a page is served or a connection is taken. No I/O here.

A page that moves a robot must not be opened by other web sites that happen to run in the same browser, nor by
other machines that have no token. viser, which serves it, asks neither.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

TOKEN_BYTES = 24  # 192 bits: nobody guesses that
COOKIE = "noetra_view"
TOKEN_QUERY = "token"
LOOPBACK_NAMES = ("localhost",)


@dataclass(frozen=True)
class Answer:
    """What the gate says instead of letting a request through.

    Attributes:
        status: HTTP status.
        text: body, for a person.
        headers: further headers.
    """

    status: HTTPStatus
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gate:
    """Looks at one request after the other.

    Attributes:
        host: address that the page is bound to.
        token: that a browser has to bring; empty = none, on loopback only.

    Raises:
        ValueError: another address than loopback without a token.
    """

    host: str
    token: str

    def __post_init__(self) -> None:
        if not self.token and not is_loopback(self.host):
            raise ValueError(f"the page may not be open on {self.host} without a token")

    def judge(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        """None lets a request through.

        Args:
            path: as it was asked for, with its query.
            headers: of the request; names in any case.
        """
        host = headers.get("Host", "")
        if is_loopback(self.host) and not is_loopback(host_name(host)):
            return Answer(
                HTTPStatus.FORBIDDEN, f"{host or 'no host'} is not this page: open it as localhost\n"
            )
        origin = headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return Answer(HTTPStatus.FORBIDDEN, f"a page of {origin} may not use this one\n")
        return self._judge_token(path, headers) if self.token else None

    def _judge_token(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        (asked,) = parse_qs(urlsplit(path).query).get(TOKEN_QUERY, [""])[-1:]
        if _is_same(asked, self.token):
            cookie = f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/"
            return Answer(HTTPStatus.SEE_OTHER, "", {"Location": "/", "Set-Cookie": cookie})
        if _is_same(_cookies(headers.get("Cookie", "")).get(COOKIE, ""), self.token):
            return None
        text = "This page needs its token: open the address that `noetra view` printed.\n"
        return Answer(HTTPStatus.FORBIDDEN, text)


def new_token() -> str:
    """A token that nobody has seen yet."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_loopback(host: str) -> bool:
    """True for names and addresses that only this machine reaches."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_name(netloc: str) -> str:
    """Host of ``host:port``; an IPv6 address without its brackets."""
    return urlsplit(f"//{netloc}").hostname or ""


def page_headers(host: str) -> dict[str, str]:
    """Headers of every page: nothing is loaded from, sent to or framed by another place.

    Args:
        host: ``host:port`` that the browser asked.
    """
    sources = "'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' data: blob:"  # viser unpacks itself
    policy = f"default-src {sources}; connect-src 'self' ws://{host} wss://{host} data: blob:; " + (
        "frame-ancestors 'none'; form-action 'none'; base-uri 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def _is_same(given: str, token: str) -> bool:
    return bool(given) and hmac.compare_digest(given.encode(), token.encode())


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, equals, value in pairs if equals}
