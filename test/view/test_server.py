"""viser behind the gate: real requests over loopback."""

import http.client
import socket
import sys

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from noetra_ros.core.errors import ConfigError
from noetra_ros.view import server as view_server
from noetra_ros.view.gate import Gate

viser = pytest.importorskip("viser", reason="viser is not installed: pip install 'noetra_ros[view]'")


@pytest.fixture(scope="module")
def guarded():
    """A page that asks for a token; bound to loopback all the same: tests open nothing to others."""
    server = view_server.open_server(Gate("127.0.0.1", "s3cret"), 0)
    yield server
    server.stop()


def get(server, path="/", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.get_port(), timeout=10)
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def open_socket(server, **headers):
    version = f"viser-v{viser.__version__}"
    return connect(
        f"ws://127.0.0.1:{server.get_port()}", subprotocols=[version], additional_headers=headers
    )  # fmt: skip


def test_without_the_token_neither_page_nor_connection(guarded):
    assert get(guarded).status == 403
    with pytest.raises(InvalidStatus):
        open_socket(guarded)


def test_the_token_opens_page_and_connection(guarded):
    answer = get(guarded, "/?token=s3cret")
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    page = get(guarded, "/", Cookie=cookie)
    assert page.status == 200
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    with open_socket(guarded, Cookie=cookie) as socket:
        assert socket.recv(timeout=10)


def test_a_foreign_site_gets_no_connection(guarded):
    with pytest.raises(InvalidStatus):
        open_socket(guarded, Cookie="noetra_view=s3cret", Origin="https://elsewhere.example")


def test_a_browser_cannot_ask_for_a_public_address(guarded):
    assert guarded.request_share_url() is None


def test_the_address_carries_the_token():
    assert view_server.page_address(Gate("192.0.2.7", "s3cret"), 80) == "http://192.0.2.7:80/?token=s3cret"
    assert view_server.page_address(Gate("::1", ""), 81) == "http://[::1]:81/"
    assert f"//{socket.gethostname()}:82/" in view_server.page_address(Gate("0.0.0.0", "s3cret"), 82)


def test_a_viser_that_does_not_take_the_gate_is_closed_again(monkeypatch):
    monkeypatch.setattr(view_server, "_gated", no_gate)
    with pytest.raises(view_server.ViewServerError, match="did not take the gate"):
        view_server.open_server(Gate("127.0.0.1", ""), 0)


def no_gate(gate):
    from contextlib import nullcontext

    return nullcontext(lambda: False)


def test_a_missing_viser_is_told_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "viser", None)
    monkeypatch.setattr(view_server.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'noetra_ros\[view\]'"):
        view_server.require_viser()
