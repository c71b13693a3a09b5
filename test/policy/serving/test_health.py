"""The health of a server: for people with a token, for programs, for load balancers."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from dataclasses import replace

import pytest

from noetra_ros.policy.serving.health import REMEMBERED, ServingRecord, health_of
from noetra_ros.policy.serving.health_page import page_of
from noetra_ros.policy.serving.messages import ServerTiming

from .conftest import TOKENS

PASSWORD = {"Authorization": "Basic " + base64.b64encode(f"x:{TOKENS.robots['left']}".encode()).decode()}


def fetch(served, path, headers):
    request = urllib.request.Request(served.url.replace("ws", "http", 1) + path, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.read().decode(), response.headers["Content-Type"]


def test_a_person_with_a_token_sees_robots_and_times(serve, remote, observation):
    served = serve()
    backend = remote(served.link())
    backend.infer(observation)
    text, kind = fetch(served, "/", PASSWORD)
    assert kind == "text/html; charset=utf-8"
    assert all(word in text for word in ("echo 1", "left", "127.0.0.1", "infer", "p99", "answered", ">ok<"))
    found = json.loads(fetch(served, "/health.json", PASSWORD)[0])
    assert (found["state"], found["counts"], found["robots"][0]["name"]) == ("ok", {"answered": 1}, "left")
    assert 0 < found["times_ms"]["infer"]["p50"] <= found["times_ms"]["total"]["p50"]


@pytest.mark.parametrize("path", ["/", "/health.json"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer x"}])
def test_without_a_token_there_is_no_news(serve, path, headers):
    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        fetch(serve(), path, headers)
    assert refused.value.headers["WWW-Authenticate"].startswith("Basic")


def test_a_load_balancer_learns_ok_and_nothing_else(serve):
    assert fetch(serve(), "/healthz", {})[0] == "ok\n"


def test_a_model_that_is_stuck_is_told(serve, remote, observation, in_thread):
    served = serve(stuck_after_s=0.1)
    backend = remote(served.link())
    backend.load()
    served.backend.gate.clear()
    waiting = in_thread(lambda: backend.infer(observation))
    assert served.backend.has_begun.wait(5)
    while served.server._engine.busy_s() < 0.1:
        pass
    with pytest.raises(urllib.error.HTTPError, match="503") as refused:
        fetch(served, "/healthz", {})
    assert refused.value.read() == b"stuck\n"
    served.backend.gate.set()
    waiting.result(5)


def test_an_unknown_page_names_the_known_ones(serve):
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        fetch(serve(), "/admin", PASSWORD)
    assert b"/health.json" in refused.value.read()


def test_names_cannot_write_into_the_page():
    record = ServingRecord()
    record.counts["<script>"] = 1
    page = page_of(health_of(record, "<b>model</b>", is_stuck=True))
    assert "<script>" not in page and "<b>" not in page and ">stuck<" in page


def test_only_the_last_requests_are_remembered():
    record = ServingRecord()
    for index in range(3 * REMEMBERED):
        record.add(ServerTiming(0.001, 0.002, index * 1e-6, 2), 0.01)
    assert all(len(times) == REMEMBERED for times in record._times.values())
    health = health_of(replace(record), "m", is_stuck=False)
    assert (health.times_ms["queue"]["p95"], health.mean_batch) == (2.0, 2.0)
