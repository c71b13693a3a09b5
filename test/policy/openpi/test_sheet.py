"""The keys of an openpi server's observation, as DROID, LIBERO and ALOHA have them."""

from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.core.config import load
from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.openpi.sheet import OpenpiSheet

BASE = {
    "unit": "rad",
    "rate_hz": 20,
    "joints": ["a", "b", "hand"],
    "rows": 10,
    "link": {"url": "ws://localhost:8000", "reply_within_s": 0.3},
}
DROID = {
    **BASE,
    "pictures": {"observation/exterior_image_1_left": {"camera": "front"}},
    "states": {"observation/gripper_position": ["hand"], "observation/joint_position": ["b", "a"]},
}
ALOHA = {
    **BASE,
    "pictures": {"images.cam_high": {"camera": "front", "layout": "chw"}},
    "states": {"state": ["a", "b", "hand"]},
}


def sheet(values):
    return load(OpenpiSheet, values, "noetra.yaml")


def test_droid_keys_are_flat():
    picture = np.zeros((96, 128, 3), np.uint8)
    request = sheet(DROID).request({"observation/exterior_image_1_left": picture}, np.arange(3.0), "tidy up")
    assert request["observation/exterior_image_1_left"].shape == (96, 128, 3)
    assert request["observation/joint_position"].tolist() == [1.0, 0.0]
    assert request["observation/gripper_position"].tolist() == [2.0]
    assert request["prompt"] == "tidy up" and len(request) == 4


def test_aloha_pictures_are_nested_and_begin_with_the_colour():
    picture = np.arange(96 * 128 * 3, dtype=np.uint32).astype(np.uint8).reshape(96, 128, 3)
    request = sheet(ALOHA).request({"images.cam_high": picture}, np.arange(3.0), "tidy up")
    np.testing.assert_array_equal(request["images"]["cam_high"][2], picture[:, :, 2])
    assert request["state"].tolist() == [0.0, 1.0, 2.0]


def test_the_server_resizes_pictures_itself():
    need = sheet(DROID).spec("pi05").cameras[0]
    assert (need.width_px, need.height_px, need.resize, need.resizes_itself) == (224, 224, "letterbox", True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"states": {"state": ["a", "hand"]}}, "states: got a, hand, expected each of a, b, hand once"),
        ({"states": {"state": ["a", "b", "hand"], "more": ["a"]}}, "each of a, b, hand once"),
        ({"states": {"state": ["a", "b", "elbow"]}}, "each of a, b, hand once"),
        ({"prompt": "images"}, "a value and a map"),
        ({"prompt": "state"}, "a key twice"),
        ({"rows": 0}, "rows"),
        ({"link": {"url": "ws://localhost:1"}}, "link.reply_within_s"),
        ({"link": {"url": "ws://gpu:8000", "reply_within_s": 0.3}}, "plain_text"),
        ({"link": {"url": "http://gpu:8000", "reply_within_s": 0.3}}, "wss://host:port"),
    ],
)
def test_faults_name_their_key(change, words):
    with pytest.raises(ConfigError, match=words):
        sheet({**ALOHA, **change})
