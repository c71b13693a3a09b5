"""Messages over the wire: what goes in comes out, and nothing else gets in."""

from __future__ import annotations

from dataclasses import fields, replace

import msgpack
import numpy as np
import pytest

from noetra_ros.core.samples import DepthFrame, Signal, Sound
from noetra_ros.core.types import ActionChunk, ActionPrefix, CommandKind, JointState, Observation
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.policy.serving.messages import Answer, Ask, Hello, Reason, Refusal, ServerTiming
from noetra_ros.policy.serving.wire import WireError, pack, unpack

CHUNK = ActionChunk(5, 1, "arm", CommandKind.JOINT_POSITION, ("a", "b"), 0.1, 0.1, np.ones((3, 2)))


@pytest.fixture
def ask(observation):
    return Ask("s", 7, 0.5, observation, begins=True, prefix=ActionPrefix(np.zeros((0, 2)), 0))


def test_an_observation_arrives_as_it_left(ask):
    came = unpack(Ask, pack(ask))
    assert (came.session, came.sequence, came.answer_within_s, came.begins) == ("s", 7, 0.5, True)
    assert came.observation.joints.names == ask.observation.joints.names
    np.testing.assert_array_equal(came.observation.joints.positions, ask.observation.joints.positions)
    for name, frame in ask.observation.frames.items():
        np.testing.assert_array_equal(came.observation.frames[name].rgb, frame.rgb)
    assert came.prefix.values.shape == (0, 2)


def test_what_the_robot_does_not_measure_arrives_as_nan(ask):
    joints = JointState(1, ("a",), np.zeros(1), np.full(1, np.nan), np.full(1, np.nan))
    came = unpack(Ask, pack(replace(ask, observation=Observation(1, "", joints))))
    assert np.isnan(came.observation.joints.velocities).all()


@pytest.mark.parametrize("name", ["hold", "noetra_nano"])
def test_a_spec_arrives_as_it_left(so101, name):
    hello = Hello(create_backend(name, BackendOptions(so101)).spec, "s", 100)
    assert unpack(Hello, pack(hello)) == hello


def test_a_chunk_or_a_refusal_arrives(observation):
    came = unpack(Answer, pack(Answer("s", 1, ServerTiming(), chunk=CHUNK)))
    np.testing.assert_array_equal(came.chunk.values, CHUNK.values)
    refused = Answer("s", 1, ServerTiming(queue_s=0.1), refusal=Refusal(Reason.MODEL, "no such joint"))
    assert unpack(Answer, pack(refused)) == refused


def test_every_truncation_is_refused(ask):
    data = pack(ask)
    for length in [*range(0, 300), *range(300, len(data), 997)]:
        with pytest.raises(WireError):
            unpack(Ask, data[:length])


def test_a_view_in_another_order_arrives_as_seen():
    flipped = np.arange(24, dtype=np.float64).reshape(4, 6).T[::2]
    assert np.array_equal(unpack(ActionPrefix, pack(ActionPrefix(flipped, 1))).values, flipped)


def changed(ask, **changes):
    plain = msgpack.unpackb(pack(ask))
    joints = plain["observation"]["joints"]
    joints["positions"].update(changes.pop("positions", {}))
    return msgpack.packb({**plain, **changes})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sequence": "7"}, "Ask.sequence: got str, expected int"),
        ({"sequence": True}, "Ask.sequence: got bool, expected int"),
        ({"torque": 1}, "Ask: unknown torque"),
        ({"observation": {}}, "Ask.observation: lacks stamp_ns, instruction, joints"),
        ({"observation": [1]}, "Ask.observation: got list, expected a map"),
        ({"positions": {"dtype": "|O"}}, "positions: got dtype '|O', expected <f8"),
        ({"positions": {"dtype": "<f4"}}, "positions: got dtype '<f4', expected <f8"),
        ({"positions": {"shape": [2**40]}}, "does not make 48 bytes"),
        ({"positions": {"shape": [-6]}}, "shape \\[-6\\]"),
        ({"positions": {"shape": [1] * 9 + [6]}}, "at most 5"),
        ({"positions": {"data": "text"}}, "data \\(str\\)"),
        ({"positions": {"more": 1}}, "expected an array"),
        (
            {"prefix": {"values": {"dtype": "<f8", "shape": [1, 1], "data": b"\xff" * 8}, "frozen": 0}},
            "finite",
        ),
    ],
)
def test_what_is_not_declared_is_refused_by_its_key(ask, change, words):
    with pytest.raises(WireError, match=words):
        unpack(Ask, changed(ask, **change))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        "text",
        b"\xc1",
        b"\xdf\xff\xff\xff\xff",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 100_000,
        pack(CHUNK) + b"\0",
    ],
)
def test_damaged_bytes_are_refused(data):
    with pytest.raises(WireError):
        unpack(ActionChunk, data)


def test_a_chunk_with_nan_is_refused():
    plain = msgpack.unpackb(pack(CHUNK))
    plain["values"]["data"] = np.full((3, 2), np.nan).tobytes()
    with pytest.raises(WireError, match="NaN"):
        unpack(ActionChunk, msgpack.packb(plain))


def test_an_answer_without_chunk_and_refusal_is_refused():
    with pytest.raises(WireError, match="either a chunk or a refusal"):
        unpack(Answer, msgpack.packb({"session": "s", "sequence": 1, "timing": {}}))


def test_everything_that_an_observation_can_hold_arrives(observation):
    depth = DepthFrame(5, "front", np.array([[0.5, np.nan]], np.float32))
    wrench = Signal("wrist", ("force_z_n",), np.array([1, 2], np.int64), np.array([[1.0], [2.0]]))
    sound = Sound(5, "mic", 16_000.0, np.zeros((4, 1), np.float32))
    full = replace(
        observation,
        videos={"front": (observation.frames["front"],) * 2},
        past_joints=(observation.joints,),
        depths={"front": depth},
        signals={"wrist": wrench},
        sounds={"mic": sound},
    )
    came = unpack(Observation, pack(full))
    assert len(came.videos["front"]) == 2 and came.past_joints[0].names == observation.joints.names
    pairs = ((came.depths["front"], depth), (came.signals["wrist"], wrench), (came.sounds["mic"], sound))
    for got, sent in pairs:
        for field in fields(sent):
            np.testing.assert_array_equal(getattr(got, field.name), getattr(sent, field.name))
