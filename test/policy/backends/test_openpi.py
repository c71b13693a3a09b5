"""The openpi client against a server that speaks openpi's protocol."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.policy.errors import LinkError, PolicyError
from noetra_ros.policy.preflight import Serving, preflight_faults

from ..openpi.conftest import openpi_server  # noqa: F401
from ..test_backend import require_contract

JOINTS = ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper"]


@pytest.fixture
def make(so101, tmp_path, openpi_server):  # noqa: F811
    """Makes backends; changes go into noetra.yaml."""
    made = []

    def build(**changes):
        sheet = {
            "model": "pi05 test",
            "unit": "rad",
            "rate_hz": 2.0,
            "joints": JOINTS,
            "rows": 4,
            "scales": {"gripper": {"rad_per_unit": -1.5, "zero_rad": 1.5}},
            "pictures": {
                "images.base": {"camera": "front"},
                "images.wrist": {"camera": "wrist", "layout": "chw"},
            },
            "states": {"state": JOINTS},
            "link": {"url": openpi_server.url, "reply_within_s": 5.0, "token": "key-of-this-robot"},
        }
        sheet["link"] |= changes.pop("link", {})
        path = tmp_path / "noetra.yaml"
        path.write_text(yaml.safe_dump({**sheet, **changes}))
        path.chmod(0o600)
        made.append(create_backend("openpi", BackendOptions(so101, checkpoint=tmp_path)))
        return made[-1]

    yield build
    for backend in made:
        backend.close()


def test_it_keeps_the_contract_of_backends(make, so101, observation):
    require_contract(make(), so101, observation)


def test_the_server_sees_what_openpi_clients_send(make, openpi_server, observation):  # noqa: F811
    backend = make()
    backend.load()
    backend.infer(observation)
    [seen] = openpi_server.seen
    assert sorted(seen) == ["images", "prompt", "state"] and seen["prompt"] == "pick up the red cube"
    assert (seen["images"]["base"].shape, seen["images"]["wrist"].shape) == ((96, 96, 3), (3, 96, 96))
    np.testing.assert_array_equal(seen["images"]["base"], observation.frames["front"].rgb)
    expected = observation.joints.positions.copy()
    expected[5] = (expected[5] - 1.5) / -1.5
    np.testing.assert_allclose(seen["state"], expected)
    assert openpi_server.headers[0]["Authorization"] == "Api-Key key-of-this-robot"
    assert backend.metadata == {"reset_pose": [0.0, 1.0]}


def test_actions_come_back_in_the_unit_of_the_robot(make, observation):
    backend = make()
    chunk = backend.infer(observation)
    np.testing.assert_allclose(chunk.values, np.tile(observation.joints.positions, (4, 1)), atol=1e-6)
    assert 0 < backend.server_s < backend.round_trip_s == chunk.inference_s


def test_a_late_answer_ends_the_connection_and_is_never_taken(make, openpi_server, observation):  # noqa: F811
    backend = make(link={"reply_within_s": 0.3})
    openpi_server.is_open.clear()
    with pytest.raises(LinkError, match=r"no answer within 0\.3 s"):
        backend.infer(observation)
    openpi_server.is_open.set()
    moved = replace(observation.joints, positions=observation.joints.positions + 0.1)
    chunk = backend.infer(replace(observation, joints=moved))
    np.testing.assert_allclose(chunk.values[0], moved.positions, atol=1e-6)
    assert backend.counts.connections == 2


def fail(observation):
    raise ValueError("no such camera")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (fail, "the openpi server failed: ValueError: no such camera"),
        (lambda o: {"action": np.zeros((4, 6))}, "answered action, server_timing, expected 'actions'"),
        (lambda o: {"actions": [[0.0] * 6] * 4}, "expected 'actions'"),
        (lambda o: {"actions": np.zeros((5, 6))}, r"\(5, 6\) float64, expected \(4, 6\)"),
        (lambda o: {"actions": np.zeros((4, 7))}, r"\(4, 7\) float64, expected \(4, 6\)"),
        (lambda o: {"actions": np.zeros((4, 6), np.int64)}, "int64"),
        (lambda o: {"actions": np.full((4, 6), np.nan)}, "NaN"),
        (lambda o: [1, 2], "answered a list, expected a map"),
    ],
)
def test_what_is_no_chunk_is_a_failure(make, openpi_server, observation, answer, words):  # noqa: F811
    openpi_server.answer = answer
    with pytest.raises(PolicyError, match=words):
        make().infer(observation)


def test_no_server_is_told_at_the_start(make):
    with pytest.raises(ConfigError, match="is it running there"):
        make(link={"url": "ws://localhost:9"}).load()


def test_a_sheet_of_another_robot_does_not_fit(make, so101):
    names = ["a", "b", "c", "d", "e", "gripper"]
    spec = make(joints=names, states={"state": names}).spec
    assert "joints.a" in {fault.key for fault in preflight_faults(spec, Serving(so101, is_simulation=False))}
