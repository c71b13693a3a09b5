"""Tokens: who gets in, and files that nobody else can read."""

from __future__ import annotations

import base64
import stat

import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.serving.tokens import Tokens, add_robot, read_tokens

LEFT, RIGHT = "l" * 24, "r" * 24
TOKENS = Tokens({"left": LEFT, "right": RIGHT})


def basic(words):
    return "Basic " + base64.b64encode(words.encode()).decode()


@pytest.mark.parametrize(
    ("header", "scheme", "robot"),
    [
        (f"Bearer {LEFT}", "bearer", "left"),
        (f"bearer {RIGHT}", "bearer", "right"),
        (basic(f"anybody:{LEFT}"), "basic", "left"),
        (basic(f"anybody:{LEFT}"), "bearer", None),
        (f"Bearer {LEFT}", "basic", None),
        (f"Bearer {LEFT[:-1]}", "bearer", None),
        (f"Bearer {LEFT}x", "bearer", None),
        ("Bearer ", "bearer", None),
        ("Bearer \udcff", "bearer", None),
        ("", "bearer", None),
        ("Basic !!!", "basic", None),
        (basic("no colon"), "basic", None),
    ],
)
def test_a_header_names_a_robot_or_nobody(header, scheme, robot):
    assert TOKENS.robot_of_header(header, scheme) == robot


def test_tokens_are_not_shown():
    assert repr(TOKENS) == "Tokens of left, right"


def test_a_robot_gets_a_token_of_its_own_and_a_new_one_when_asked_again(tmp_path):
    path = tmp_path / "tokens.yaml"
    first, other = add_robot(path, "left"), add_robot(path, "right")
    again = add_robot(path, "left")
    assert len({first, other, again}) == 3 and len(again) >= 40
    assert read_tokens(path).robots == {"left": again, "right": other}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["tokens.yaml"]


@pytest.mark.parametrize(
    ("robots", "mode", "words"),
    [
        ({"left": "short"}, 0o600, "robots.left: got a token of 5 characters, expected >= 20"),
        ({"left": LEFT, "right": LEFT}, 0o600, "one token for several robots"),
        ({"left": LEFT}, 0o640, "mode: got 0640, expected 0600"),
        (None, 0o600, "--invite NAME"),
    ],
)
def test_a_token_file_that_is_not_safe_is_refused(tmp_path, robots, mode, words):
    path = tmp_path / "tokens.yaml"
    if robots is not None:
        path.write_text(yaml.safe_dump({"robots": robots}))
        path.chmod(mode)
    with pytest.raises(ConfigError, match=words):
        read_tokens(path)
