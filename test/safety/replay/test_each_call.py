"""Each call of a recorded supervisor reaches the real one, is recorded with its answer, and comes back."""

import dataclasses
import inspect
import math

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS
from obstacles_around import obstacle, scene

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.safety.replay.packing import (
    CALLS,
    LONG,
    arguments_of,
    array_of,
    command_of,
    legend,
    packer,
    scan_of,
    scene_of,
    time_ns,
    trajectory_of,
    unpacked,
)
from noetra_ros.safety.replay.reading import Record
from noetra_ros.safety.replay.recorded import RecordedSupervisor, raised
from noetra_ros.safety.replay.replaying import Replayed, replay

NOW_NS = 7 * 10**9
COMMAND = Command(CommandKind.GRIPPER, np.array([0.5]), NOW_NS, 3, ("jaw",), np.array([1.5]), "tool")
POINTS = (TrajectoryPoint(0.5, np.array([0.1, 0.2]), np.array([0.3, 0.4]), np.zeros(0)),)
TRAJECTORY = Trajectory(("shoulder", "elbow"), POINTS, NOW_NS, 5)
SCAN = PlanarScan((0.1, -0.1), -1.0, 0.5, np.array([1.0, math.inf, math.nan]))
SCENE = scene(obstacle(np.array([1.0, 2.0, 3.0]), labels=("cup",), quat_xyzw=np.array([0.0, 0.0, 0.6, 0.8])))
# Arguments of each call, and which of them says when it is.
GIVEN = {
    "on_command": ((COMMAND, 0.01), NOW_NS),
    "on_trajectory": ((TRAJECTORY, 0.01), NOW_NS),
    "tick": ((NOW_NS,), NOW_NS),
    "on_joint_state": ((np.array([0.1, 0.2]), NOW_NS, 0.01), NOW_NS),
    "on_stream": (("odom", NOW_NS, 0.01), NOW_NS),
    "on_scan": (("scan", SCAN, NOW_NS, 0.01), NOW_NS),
    "on_scene": ((SCENE, NOW_NS, 0.01), NOW_NS),
    "on_unreadable_scene": (("kind 9",), None),
    "reduce_speed": ((True, NOW_NS), NOW_NS),
    "on_heartbeat": (("policy", NOW_NS), NOW_NS),
    "on_trust": ((0.5, NOW_NS), NOW_NS),
    "on_other_writers": ((("/joystick",),), None),
    "on_ros_clock": ((NOW_NS,), None),
    "on_estop": (("line", True, NOW_NS), NOW_NS),
    "estop": ((NOW_NS, "a person"), NOW_NS),
    "arm": ((NOW_NS,), NOW_NS),
    "hinder_arming": (("why",), None),
    "hinder_resetting": (("why",), None),
    "disarm": ((NOW_NS,), NOW_NS),
    "reset": ((NOW_NS,), NOW_NS),
}
SILENT = {name for name in CALLS if name.startswith(("on_", "hinder"))} - {
    "on_command", "on_trajectory", "on_estop",
}  # fmt: skip


class Told:
    """Stands for a supervisor: says which call it got."""

    limits, mode = TWO_JOINTS, "the mode"

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        def call(*arguments):
            self.calls.append((name, arguments))
            return None if name in SILENT else [name, len(self.calls)]

        return call


class ListTape:
    """Keeps records; its state is never asked for."""

    needs_state = False

    def __init__(self):
        self.records = []

    def put(self, record):
        self.records.append(record)

    def begin(self, state):
        raise AssertionError("no state is needed")

    def lose(self, why):
        raise AssertionError(why)


def test_every_call_has_a_case_here():
    assert GIVEN.keys() == CALLS.keys()


def as_plain(value):
    """What differs of it, as text."""
    return packer()(value)


@pytest.mark.parametrize("call", GIVEN)
def test_a_call_is_made_recorded_and_read_again(call):
    given, at_ns = GIVEN[call]
    told, tape = Told(), ListTape()
    answer = getattr(RecordedSupervisor(told, tape), call)(*given)
    assert told.calls == [(call, given)]
    assert answer == (None if call in SILENT else [call, 1])
    ((name, arguments, recorded),) = unpacked(tape.records[0])
    back = arguments_of(name, arguments)
    assert (name, recorded) == (call, answer) and len(tape.records) == 1
    assert as_plain(back) == as_plain(given) and [type(v) for v in back] == [type(v) for v in given]
    assert time_ns(call, back) == at_ns


@pytest.mark.parametrize("call", ["on_command", "on_trajectory"])
def test_a_named_channel_is_recorded_with_the_rest(call):
    given = (*GIVEN[call][0], "base")
    told, tape = Told(), ListTape()
    getattr(RecordedSupervisor(told, tape), call)(*given)
    ((_, arguments, _),) = unpacked(tape.records[0])
    back = arguments_of(call, arguments)
    assert told.calls == [(call, given)] and as_plain(back) == as_plain(given) and back[-1] == "base"
    for wrong in (arguments[:1], [*arguments, 1]):
        with pytest.raises(ValueError, match=f"call '{call}' with {len(wrong)} arguments is not known"):
            arguments_of(call, wrong)


def test_what_is_only_read_is_not_recorded():
    told, tape = Told(), ListTape()
    recorded = RecordedSupervisor(told, tape)
    assert recorded.limits is TWO_JOINTS and recorded.mode == "the mode"
    assert recorded.report(NOW_NS) == ["report", 1] and recorded.next_timeout_s(NOW_NS) == [
        "next_timeout_s",
        2,
    ]
    assert recorded.is_command_overdue(NOW_NS) == ["is_command_overdue", 3]
    assert tape.records == []


def test_a_call_that_raises_is_recorded_as_that_and_raises():
    class Broken(Told):
        def tick(self, now_ns):
            raise ZeroDivisionError("no period")

    tape = ListTape()
    with pytest.raises(ZeroDivisionError):
        RecordedSupervisor(Broken(), tape).tick(NOW_NS)
    ((_, _, answer),) = unpacked(tape.records[0])
    assert answer == raised(ZeroDivisionError("no period")) == {"raised": "ZeroDivisionError: no period"}


def test_objects_come_back_as_they_were():
    def again(value, make):
        (plain,) = unpacked(packer()(value))
        return make(plain)

    command = again(COMMAND, command_of)
    assert command.kind is CommandKind.GRIPPER and command.efforts.tolist() == [1.5]
    assert (command.stamp_ns, command.frame, command.names) == (3, "tool", ("jaw",))
    assert again(dataclasses.replace(COMMAND, efforts=None), command_of).efforts is None
    trajectory = again(TRAJECTORY, trajectory_of)
    assert (trajectory.names, trajectory.stamp_ns) == (("shoulder", "elbow"), 5)
    assert trajectory.points[0].velocities.tolist() == [0.3, 0.4] and trajectory.points[0].time_s == 0.5
    scan = again(SCAN, scan_of)
    assert scan.origin_m == (0.1, -0.1) and scan.ranges_m.tobytes() == SCAN.ranges_m.tobytes()
    seen = again(SCENE, scene_of)
    thing = seen.obstacles[0]
    assert (seen.frame, thing.labels, thing.kind) == (SCENE.frame, ("cup",), SCENE.obstacles[0].kind)
    assert thing.quat_xyzw.tolist() == [0.0, 0.0, 0.6, 0.8] and seen.sensors == SCENE.sensors


@pytest.mark.parametrize(("count", "kind"), [(LONG - 1, list), (LONG, bytes), (LONG + 1, bytes)])
def test_long_arrays_are_bytes_and_short_ones_numbers(count, kind):
    assert LONG == 64
    numbers = np.arange(count) / 7.0
    (plain,) = unpacked(packer()(numbers))
    assert type(plain) is kind and array_of(plain).tolist() == numbers.tolist()
    assert array_of(plain).flags.writeable


def test_a_single_number_of_numpy_and_an_object_of_one_field_have_a_form():
    @dataclasses.dataclass
    class One:
        value: int

    assert list(unpacked(packer()([np.float64(0.5), np.int64(7), np.bool_(True), One(3)]))) == [
        [0.5, 7, True, [3]]
    ]


def test_the_form_of_a_type_is_found_once():
    kind = dataclasses.make_dataclass("Fresh", ["first", "second"])
    pack = packer()
    assert pack(kind(1, 2)) == pack(kind(1, 2)) == packer()([1, 2])


def test_text_that_is_no_unicode_goes_through():
    assert list(unpacked(packer()("\udcff"))) == ["\udcff"]
    assert list(unpacked(b"")) == [] and list(unpacked(packer()({1: "a", 2: b"\xff"}))) == [
        {1: "a", 2: b"\xff"}
    ]


@pytest.mark.parametrize("data", [packer()("text")[:-1], packer()([1, 2])[:-1], b"\xc1"])
def test_what_is_not_whole_is_an_error(data):
    with pytest.raises(ValueError, match=r"not whole|no MessagePack"):
        list(unpacked(data))


def test_the_legend_names_every_field_in_its_order():
    told = legend()
    assert told["record"] == ["call", "arguments", "answer"]
    assert told["Command"] == [field.name for field in dataclasses.fields(Command)]
    assert {"SafetyReport", "Verdict", "Trajectory", "SeparationTerms"} <= told.keys()


@pytest.mark.parametrize(("call", "plain"), [("tick", []), ("tick", [1, 2]), ("explode", [1])])
def test_other_calls_and_other_counts_of_arguments_are_refused(call, plain):
    with pytest.raises(ValueError, match=f"call '{call}' with {len(plain)} arguments is not known"):
        arguments_of(call, plain)


class Tape:
    """Stands for a file that was read."""

    path, damage = "made.gz", ""

    def __init__(self, *rows, first=0, end="enough"):
        self._rows, self.end = rows, end
        self.header = type("Header", (), {"first_call": first})()

    def records(self):
        return iter([Record(*row) for row in self._rows])


def tick(at_ns, answer):
    return ("tick", (at_ns,), answer)


def test_every_call_is_made_again_and_held_against_its_answer():
    told = Told()
    rows = [
        ("on_heartbeat", ("policy", 10**9), None),
        tick(2 * 10**9, ["tick", 2]),
        tick(4 * 10**9, ["tick", 3]),
    ]
    result = replay(Tape(*rows, first=40), told)
    assert result == Replayed("made.gz", 40, 3, 2, 3.0, None, "enough", "") and result.is_equal
    assert [name for name, _ in told.calls] == ["on_heartbeat", "tick", "tick"]


def test_the_first_answer_that_is_another_is_told_with_its_place():
    rows = [tick(10**9, ["tick", 1]), tick(3 * 10**9, ["tick", 9]), tick(4 * 10**9, ["tick", 3])]
    result = replay(Tape(*rows, first=40), Told())
    assert not result.is_equal and (result.calls, result.decisions, result.span_s) == (2, 1, 2.0)
    found = result.difference
    assert (found.number, found.call, found.time_s, found.arguments) == (41, "tick", 2.0, "now_ns 3000000000")
    assert found.words == ("answer: ['tick', 9] then, ['tick', 2] now",)


def test_without_a_timed_call_the_span_is_not_known():
    result = replay(Tape(("on_unreadable_scene", ("kind 9",), None)), Told())
    assert math.isnan(result.span_s) and result.is_equal
    later = replay(
        Tape(("hinder_arming", ("why",), None), tick(5, ["tick", 2]), ("hinder_arming", ("",), None)), Told()
    )
    assert later.span_s == 0.0 and later.calls == 3


def test_damage_is_no_equal_recording():
    tape = Tape(tick(1, ["tick", 1]))
    tape.damage = "the block at byte 99"
    result = replay(tape, Told())
    assert result.difference is None and not result.is_equal


def test_a_call_that_raised_is_held_against_what_it_raised():
    class Broken(Told):
        def tick(self, now_ns):
            raise ZeroDivisionError("no period")

    assert replay(Tape(tick(1, {"raised": "ZeroDivisionError: no period"})), Broken()).is_equal
    assert not replay(Tape(tick(1, ["tick", 1])), Broken()).is_equal


def test_now_and_then_it_says_how_far_it_is():
    heard = []
    replay(Tape(*[tick(k, ["tick", k + 1]) for k in range(2500)]), Told(), heard.append)
    assert heard == [1000, 2000]


@pytest.mark.parametrize(("length", "is_cut"), [(193, False), (194, True)])
def test_long_arguments_are_cut(length, is_cut):
    """With the name of the argument before it 200 letters are left whole."""
    reason = "x" * length
    found = replay(Tape(("hinder_arming", (reason,), ["other"])), Told()).difference
    assert found.arguments == (f"reason {'x' * 193} ..." if is_cut else f"reason {reason}")
    assert list(inspect.signature(RecordedSupervisor.hinder_arming).parameters) == ["self", "reason"]
