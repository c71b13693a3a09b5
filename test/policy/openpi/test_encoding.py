"""openpi's way to write arrays, against bytes written as its documentation-by-code says."""

from __future__ import annotations

import msgpack
import numpy as np
import pytest

from noetra_ros.policy.openpi.encoding import decode, encode
from noetra_ros.policy.serving.wire import WireError


def array(**changes):
    content = {b"__ndarray__": True, b"data": b"\1\2\3\4\5\6", b"dtype": "|u1", b"shape": (2, 3)}
    return {**content, **{key.encode(): value for key, value in changes.items()}}


def test_an_array_is_written_as_a_map_with_keys_of_bytes():
    written = msgpack.unpackb(encode({"picture": np.arange(1, 7, dtype=np.uint8).reshape(2, 3)}))
    assert written == {"picture": {**array(), b"shape": [2, 3]}}


def test_arrays_numbers_and_nested_maps_are_read():
    number = {b"__npgeneric__": True, b"data": 1.5, b"dtype": "<f4"}
    data = msgpack.packb({"a": {"b": array()}, "n": number, "words": ["x"], "none": None})
    found = decode(data)
    np.testing.assert_array_equal(found["a"]["b"], [[1, 2, 3], [4, 5, 6]])
    assert (found["n"], found["words"], found["none"]) == (np.float32(1.5), ["x"], None)


@pytest.mark.parametrize(
    "content",
    [
        array(dtype="|O"),
        array(dtype="|V6"),
        array(dtype="<c8"),
        array(dtype="nonsense"),
        array(dtype=b"|u1"),
        array(shape=[2, 4]),
        array(shape=[-2, -3]),
        array(shape=[2**62, 2**62]),
        array(shape="23"),
        array(data="text"),
        {b"__ndarray__": True},
        {b"__npgeneric__": True, b"data": b"x", b"dtype": "<f4"},
    ],
)
def test_what_is_no_array_of_numbers_is_refused(content):
    with pytest.raises(WireError):
        decode(msgpack.packb(content))


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\xdf\xff\xff\xff\xff", msgpack.packb(array())[:-1]])
def test_damaged_bytes_are_refused(data):
    with pytest.raises(WireError):
        decode(data)


def test_objects_are_not_written():
    with pytest.raises(TypeError, match="hold no ndarray"):
        encode({"objects": np.array([object()])})
