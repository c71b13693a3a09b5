from __future__ import annotations

import socket
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.lerobot import host
from noetra_ros.policy.lerobot.link import HostLink

DOUBLE = Path(__file__).with_name("double_host.py")
STATE = {"observation.state": np.array([[1.0, 2.0]], np.float32)}


@pytest.fixture
def link():
    with HostLink(Path(sys.executable), DOUBLE) as running:
        yield running


def ask(link, task, timeout_s=60.0):
    return link.ask(timeout_s, {"operation": "infer", "seed": 1, "task": task}, STATE)


def test_arrays_arrive_as_they_were_sent():
    here, there = socket.socketpair()
    arrays = {
        "a": np.arange(6, dtype=np.uint8).reshape(2, 3),
        "b": np.array(1.5),
        "c": np.zeros((0, 4), np.float32),
    }
    with here, there:
        host.send(here, {"word": "é"}, arrays)
        fields, got = host.receive(there)
    assert fields == {"word": "é"}
    for name, array in arrays.items():
        np.testing.assert_array_equal(got[name], array, strict=True)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b'{"arrays": [["a", "object", [1]]]}', "of type object"),
        (b'{"arrays": [["a", "float64", [100000, 100000]]]}', "bytes, allowed"),
        (b'{"arrays": [["a", "float64", [-1]]]}', "bytes, allowed"),
    ],
)
def test_arrays_of_another_kind_or_size_are_refused(header, words):
    here, there = socket.socketpair()
    with here, there:
        here.sendall(struct.pack(">I", len(header)) + header)
        with pytest.raises(ValueError, match=words):
            host.receive(there)


def test_a_header_without_bound_is_refused():
    here, there = socket.socketpair()
    with here, there:
        here.sendall(struct.pack(">I", 1 << 30))
        with pytest.raises(ValueError, match="header of"):
            host.receive(there)


def test_a_host_answers_until_it_is_closed(link):
    _, values = ask(link, "any")
    np.testing.assert_array_equal(values["values"], np.tile([2.0, 3.0], (8, 1)))
    link.close()
    assert not link.is_running
    with pytest.raises(PolicyError, match="not running"):
        ask(link, "any")


def test_an_error_of_the_host_is_told_and_it_goes_on(link):
    with pytest.raises(PolicyError, match="LeRobot: ValueError: broken"):
        ask(link, "break")
    ask(link, "any")


def test_a_host_that_dies_is_told_with_its_last_words(link):
    with pytest.raises(PolicyError, match=r"has failed(.|\n)*last words"):
        ask(link, "die")
    assert not link.is_running


def test_a_host_that_hangs_is_ended_within_the_bound(link):
    ask(link, "any")
    with pytest.raises(PolicyError, match=r"within 0\.5 s and was ended"):
        ask(link, "hang", timeout_s=0.5)
    assert not link.is_running


def test_a_host_that_nobody_holds_any_more_ends():
    link = HostLink(Path(sys.executable), DOUBLE)
    process = link._process
    del link
    assert process.poll() is not None


def test_a_python_that_is_none_is_told():
    with pytest.raises(PolicyError, match="does not start"):
        HostLink(DOUBLE.with_name("no_python"))
