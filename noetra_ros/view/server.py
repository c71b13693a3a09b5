"""viser behind our gate: one port, nothing that leaves the machine."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import os
import socket
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from noetra_ros.core.errors import NoetraError, single_fault
from noetra_ros.view.gate import TOKEN_QUERY, Answer, Gate, page_headers

if TYPE_CHECKING:
    import viser

TITLE = "noetra"
EVERY_ADDRESS = ("0.0.0.0", "::")  # a browser elsewhere needs a name instead
PORT_OVERRIDE = "_VISER_PORT_OVERRIDE"  # of viser: would move the page to a port that nobody asked for


class ViewServerError(NoetraError):
    """The page could not be put behind its gate, and was not opened."""


def require_viser() -> None:
    """Told before anything is started.

    Raises:
        ConfigError: viser is not installed.
    """
    if importlib.util.find_spec("viser") is None:
        remedy = "pip install 'noetra_ros[view]' (or: pip install viser)"
        raise single_fault(
            "noetra view", "viser", "not installed", "the package that serves the page", remedy
        )


def open_server(gate: Gate, port: int) -> viser.ViserServer:
    """Serve an empty page; every request and connection passes the gate first.

    Args:
        gate: who may come in; it knows the address to bind to.
        port: to bind to; the next free one where it is taken, 0 = any.

    Raises:
        ConfigError: viser is missing, or the address is not one of this machine.
        ViewServerError: this version of viser does not let itself be gated; nothing is served then.
    """
    require_viser()
    _require_address(gate.host)
    import viser

    class LocalServer(viser.ViserServer):  # a browser can ask for a public address of the page: refused
        def request_share_url(self, verbose: bool = True) -> str | None:
            return None

    os.environ.pop(PORT_OVERRIDE, None)
    # Whoever knocks and leaves, a port scan, is not worth a traceback in the log.
    logging.getLogger("websockets.server").setLevel(logging.CRITICAL)
    # viser prints an address of its own, without the token: not ours to show.
    with _gated(gate) as is_gated, contextlib.redirect_stdout(io.StringIO()):
        server = LocalServer(host=gate.host, port=port, verbose=False)
    if not is_gated():
        server.stop()
        raise ViewServerError("viser did not take the gate: install the version that constraints.txt names")
    return server


def _require_address(host: str) -> None:
    """viser would try for ever.

    Raises:
        ConfigError: nothing can be bound to it.
    """
    try:
        kind, *_, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            probe.bind(address)
    except OSError as error:
        raise single_fault("live page", "host", f"{host}: {error}", "an address of this machine") from error


def page_address(gate: Gate, port: int) -> str:
    """What a person opens."""
    name = socket.gethostname() if gate.host in EVERY_ADDRESS else gate.host
    host = f"[{name}]" if ":" in name else name
    return f"http://{host}:{port}/" + (f"?{TOKEN_QUERY}={gate.token}" if gate.token else "")


@contextlib.contextmanager
def _gated(gate: Gate) -> Iterator[Callable[[], bool]]:
    """While viser opens its port, the one function by which it can ask requests through the gate.

    viser has no setting for it. Gives a function that says whether it was used.
    """
    import websockets.asyncio.server as sockets

    plain, uses = sockets.serve, []

    def serve(*arguments: Any, process_request: Callable[..., Any], **settings: Any) -> Any:
        uses.append(True)
        return plain(*arguments, process_request=_gated_request(gate, process_request), **settings)

    sockets.serve = serve  # type: ignore[assignment, misc]
    try:
        yield lambda: bool(uses)
    finally:
        sockets.serve = plain  # type: ignore[misc]


def _gated_request(gate: Gate, serve_file: Callable[..., Any]) -> Callable[..., Any]:
    """viser's own answer to a request, once the gate has let it through."""

    def judged(connection: Any, request: Any) -> Any:
        answer = gate.judge(request.path, request.headers)
        if answer is not None:
            return _refusal(connection, answer)
        response = serve_file(connection, request)
        if response is not None:
            for name, value in page_headers(request.headers.get("Host", "")).items():
                response.headers[name] = value
        return response

    return judged


def _refusal(connection: Any, answer: Answer) -> Any:
    response = connection.respond(HTTPStatus(answer.status), answer.text)
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response
