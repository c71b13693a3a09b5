from __future__ import annotations

import struct

import numpy as np
import pytest
from safetensors.numpy import save_file

from noetra_ros.core.errors import ConfigError
from noetra_ros.learning.tensor_files import read_shapes, require_shapes


@pytest.fixture
def path(tmp_path):
    save_file({"a": np.zeros((2, 3)), "b": np.ones(6)}, str(tmp_path / "some.safetensors"))
    return tmp_path / "some.safetensors"


def test_shapes_are_read_from_the_header(path):
    assert read_shapes(path) == {"a": (2, 3), "b": (6,)}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"abc",
        struct.pack("<Q", 10**9) + b"{}",
        struct.pack("<Q", 3) + b"nah",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 10) + b'{"a": [1]}',
        struct.pack("<Q", 2) + b"{}" + b"trailing",
    ],
)
def test_what_is_no_safetensors_file_is_refused(tmp_path, content):
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="a whole safetensors file"):
        read_shapes(path)


def test_weights_that_are_cut_short_are_refused(path):
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ConfigError, match="its header speaks of"):
        read_shapes(path)


def test_missing_weights_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="nothing there"):
        read_shapes(tmp_path / "model.safetensors")


def test_every_tensor_that_does_not_fit_is_named(tmp_path):
    got = {"a": (2, 3), "b": (4,), "c": (1,)}
    expected = {"a": (2, 3), "b": (5,), "d": (6, 7)}
    with pytest.raises(ConfigError) as error:
        require_shapes(tmp_path, got, expected)
    assert [str(fault) for fault in error.value.faults] == [
        "d: got nothing, expected shape [6, 7]",
        "b: got shape [4], expected shape [5]",
        "c: got shape [1], expected no such tensor in this network",
    ]
