"""Every number comes back bit for bit; what has no form is refused."""

import dataclasses
import math
import struct

import msgpack
import numpy as np
import pytest

from noetra_ros.core.types import Command, CommandKind
from noetra_ros.safety.events import operator_event
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.replay.packing import arguments_of, array_of, packer, time_ns, unpacked
from noetra_ros.safety.verdict import Action, Verdict

QUIET_NAN = struct.unpack("<d", bytes.fromhex("010000000000f87f"))[0]
NUMBERS = [0.0, -0.0, 0.1, 5e-324, 1.7e308, math.inf, -math.inf, math.nan, QUIET_NAN]


def again(value):
    (plain,) = unpacked(packer()(value))
    return plain


@pytest.mark.parametrize("count", [1, 20])  # as numbers, as bytes
def test_arrays_come_back_bit_for_bit(count):
    array = np.array(NUMBERS * count)
    assert array_of(again(array)).tobytes() == array.tobytes()


def test_numbers_come_back_bit_for_bit():
    back = again(NUMBERS)
    assert struct.pack("<9d", *back) == struct.pack("<9d", *NUMBERS)
    assert again([2**63 - 1, -(2**63), True, None]) == [2**63 - 1, -(2**63), True, None]


def test_a_command_comes_back():
    command = Command(CommandKind.BASE_TWIST, np.array(NUMBERS), 12, None, ("vx", "\udcff"))
    back, delay_s = arguments_of("on_command", again((command, math.nan)))
    assert back.values.tobytes() == command.values.tobytes() and math.isnan(delay_s)
    assert dataclasses.replace(back, values=None) == dataclasses.replace(command, values=None)
    assert time_ns("on_command", (back, delay_s)) == 12


def test_an_integer_is_no_float():
    assert packer()(1) != packer()(1.0)


def test_it_reads_without_this_package():
    event = operator_event("armed", Mode.ACTIVE)
    verdict, *rest = msgpack.unpackb(packer()(event))
    assert rest == [Mode.ACTIVE, 1, True, None] and verdict[:3] == ["operator", Action.PASS, "armed"]


def test_numbers_for_people_of_a_check_of_ones_own():
    @dataclasses.dataclass(frozen=True)
    class Numbers:
        height_m: np.float64

    verdict = Verdict("mine", Action.STOP, "too low", details=Numbers(np.float64(0.25)))
    assert again(verdict)[-1] == [0.25]


@pytest.mark.parametrize("value", [object(), np.zeros((2, 2)), np.zeros(3, dtype=np.float32), 2**64])
def test_what_has_no_form_is_refused(value):
    with pytest.raises((TypeError, OverflowError)):
        packer()([value])


@pytest.mark.parametrize(
    ("call", "plain"),
    [("dance", []), ("tick", []), ("tick", [1, 2]), ("on_command", [["telepathy", [], 1, None, []], 0.0]),
     ("on_scan", ["scan", [1, 2], 3, 0.0])],
)  # fmt: skip
def test_what_is_no_call_is_refused(call, plain):
    with pytest.raises(ValueError, match=call):
        arguments_of(call, plain)


@pytest.mark.parametrize("data", [b"\xc1", b"\x93\x01", b"\xc4\xff\x00"])
def test_bytes_that_are_no_values_are_refused(data):
    with pytest.raises(ValueError):
        list(unpacked(data))
