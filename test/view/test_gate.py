"""Who may open the live page."""

from http import HTTPStatus

import pytest

from noetra_ros.view.gate import Gate, host_name, is_loopback, new_token, page_headers

LOCAL = Gate("127.0.0.1", "")
OPEN = Gate("0.0.0.0", "s3cret")


@pytest.mark.parametrize(
    ("headers", "is_let_in"),
    [
        ({"Host": "127.0.0.1:8080"}, True),
        ({"Host": "localhost:8080"}, True),
        ({"Host": "[::1]:8080"}, True),
        ({"Host": "localhost:8080", "Origin": "http://localhost:8080"}, True),
        ({"Host": "localhost:8080", "Origin": "https://elsewhere.example"}, False),
        ({"Host": "localhost:8080", "Origin": "http://localhost:9999"}, False),
        ({"Host": "localhost:8080", "Origin": "null"}, False),
        ({"Host": "rebound.example:8080"}, False),
        ({}, False),
    ],
)
def test_on_loopback_only_this_page_itself_comes_in(headers, is_let_in):
    answer = LOCAL.judge("/", headers)
    assert (answer is None) == is_let_in
    assert is_let_in or answer.status == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("path", "cookie", "status"),
    [
        ("/", "", HTTPStatus.FORBIDDEN),
        ("/?token=wrong", "", HTTPStatus.FORBIDDEN),
        ("/?token=", "noetra_view=", HTTPStatus.FORBIDDEN),
        ("/", "noetra_view=wrong", HTTPStatus.FORBIDDEN),
        ("/?token=s3cret", "", HTTPStatus.SEE_OTHER),
        ("/", "other=1; noetra_view=s3cret", None),
    ],
)
def test_elsewhere_every_request_brings_the_token(path, cookie, status):
    answer = OPEN.judge(path, {"Host": "robot:8080", "Cookie": cookie})
    assert (answer.status if answer is not None else None) == status


def test_the_token_becomes_a_cookie_that_no_other_site_sends():
    answer = OPEN.judge("/?token=s3cret", {"Host": "robot:8080"})
    assert answer.headers["Location"] == "/"
    assert answer.headers["Set-Cookie"] == "noetra_view=s3cret; HttpOnly; SameSite=Strict; Path=/"


def test_a_foreign_page_with_the_cookie_stays_outside():
    headers = {"Host": "robot:8080", "Origin": "http://evil", "Cookie": "noetra_view=s3cret"}
    assert OPEN.judge("/", headers).status == HTTPStatus.FORBIDDEN


def test_no_other_address_than_loopback_without_a_token():
    with pytest.raises(ValueError, match=r"0\.0\.0\.0 without a token"):
        Gate("0.0.0.0", "")


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
     ("192.168.1.5", False), ("localhost.evil.example", False), ("", False)],
)  # fmt: skip
def test_what_counts_as_this_machine(host, is_local):
    assert is_loopback(host) == is_local


def test_tokens_are_long_and_never_twice_the_same():
    assert len(new_token()) >= 32
    assert new_token() != new_token()


def test_names_lose_ports_and_brackets():
    assert (host_name("[::1]:80"), host_name("robot:8080"), host_name("robot")) == ("::1", "robot", "robot")


def test_a_page_may_connect_to_itself_only():
    policy = page_headers("robot:8080")["Content-Security-Policy"]
    assert "connect-src 'self' ws://robot:8080 wss://robot:8080 data: blob:;" in policy
    assert "frame-ancestors 'none'" in policy
