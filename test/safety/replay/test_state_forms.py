"""Each kind of value that a state may hold comes back as it was, and nothing else goes in or out."""

import dataclasses
from collections import deque

import numpy as np
import pytest
from linear_walls import Walls
from made_snapshots import TWO_JOINTS
from obstacles_around import obstacle, scene

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.events import EventLog
from noetra_ros.safety.limiter import AxisMotion
from noetra_ros.safety.lookout import Counters
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.rooms import Rooms
from noetra_ros.safety.reckoning import Pose, Reckoning
from noetra_ros.safety.replay.packing import packer, unpacked
from noetra_ros.safety.replay.state import State, capture, plain_state, restore, state_of
from noetra_ros.safety.trajectory.execution import Execution
from noetra_ros.safety.verdict import Action, Verdict


def again(value):
    """Through the file."""
    (plain,) = unpacked(packer()(plain_state(State(it=value))))
    return state_of(plain)["it"]


VALUES = [
    None, True, 7, -0.25, "text", [1, [2.0, "x"]], (1, (2, 3)), {"a", "b"}, {("k", 1): [1], "x": None},
    deque([1, (2,)], maxlen=5), deque([1]), Mode.FAULT, Action.STOP, CommandKind.GRIPPER,
    AxisMotion(1.0, 2.0, 3.0), Pose(0.1, 0.2, 0.3), State(inner=State(x=1), y=(2,)),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_it_comes_back_as_what_it_was(value):
    back = again(value)
    assert back == value and type(back) is type(value)
    if isinstance(value, deque):
        assert back.maxlen == value.maxlen


def test_a_set_is_written_in_one_order():
    """Two files of the same state are the same bytes."""
    names = {f"topic:/{letter}" for letter in "hgfedcba"}
    assert plain_state(State(it=names)) == {"state": {"it": {"set": sorted(names)}}}


@pytest.mark.parametrize("shape", [(0,), (3,), (2, 3), (0, 4)])
def test_arrays_come_back_with_their_shape_and_can_be_written_to(shape):
    value = np.arange(np.prod(shape), dtype=float).reshape(shape) / 7.0
    back = again(value)
    assert back.shape == shape and back.tobytes() == value.tobytes() and back.flags.writeable


def test_numbers_of_numpy_become_plain_ones():
    assert [type(value) for value in again([np.float64(0.5), np.int64(3), np.bool_(True)])] == [
        float,
        int,
        bool,
    ]


def test_of_a_verdict_the_numbers_for_people_stay_out():
    verdict = Verdict("one", Action.STOP, "why", 0.5, "elbow", 1.0, 2.0, "rad", details=object())
    assert again(verdict) == dataclasses.replace(verdict, details=None)


def test_a_scene_that_is_there_twice_is_one_thing():
    """Barriers know a scene by itself: as two alike they would look at it anew."""
    seen, other = scene(obstacle(np.array([1.0, 2.0, 3.0]))), scene()
    first, second, third, fourth = again([seen, other, seen, other])
    assert first is third and second is fourth and first is not second
    assert first.obstacles[0].position_m.tolist() == [1.0, 2.0, 3.0] and second.obstacles == ()


def test_two_scenes_that_are_alike_are_two():
    first, second = again([scene(), scene()])
    assert first is not second and first == second


@pytest.mark.parametrize("value", [object(), 1j, b"x", np.zeros(2, dtype=np.float32), np.zeros(2, dtype=int)])
def test_what_has_no_form_is_refused(value):
    with pytest.raises(TypeError, match="in the state"):
        plain_state(State(it=value))


def test_a_type_of_the_same_name_is_none_of_ours():
    @dataclasses.dataclass(frozen=True)
    class Pose:
        x_m: float

    with pytest.raises(TypeError, match="a Pose in the state"):
        plain_state(State(it=Pose(1.0)))


@pytest.mark.parametrize(
    "plain",
    [{"state": {"it": {}}}, {"state": {"it": {"tuple": [], "set": []}}}, {"state": {"it": {"Mood": 1}}}],
)
def test_what_is_no_value_is_refused(plain):
    with pytest.raises(ValueError):
        state_of(plain)


def test_what_is_captured_does_not_change_any_more():
    """It is packed elsewhere, while the supervisor goes on."""
    log, reckoning, counters = EventLog(), Reckoning(), Counters()
    log.add([Verdict("one", Action.CLAMP, "why")], Mode.ACTIVE, 0)
    reckoning.go((1.0, 0.0, 0.0), 0)
    taken = [capture(part) for part in (log, reckoning, counters)]
    before = [packer()(plain_state(state)) for state in taken]
    assert taken[0]["_series"] and taken[1]["_steps"] and taken[2] == {"judged": 0, "interventions": 0}
    log.add([Verdict("one", Action.CLAMP, "why")], Mode.ACTIVE, 1)
    reckoning.go((2.0, 0.0, 0.0), 1)
    counters.judged += 1
    assert [packer()(plain_state(state)) for state in taken] == before


def moving(at=(0.1, 0.2)):
    motion = ChannelMotion(TWO_JOINTS)
    motion.start_at(at)
    return motion


def test_what_was_captured_is_put_into_another_one():
    first, second = moving(), moving((0.0, 0.0))
    first.commit((0.101, 0.2))
    restore(second, capture(first))
    assert second.differences() == first.differences() and second.limits is TWO_JOINTS


@pytest.mark.parametrize("change", ["more", "less"])
def test_a_record_with_other_parts_is_refused(change):
    state = capture(moving())
    if change == "more":
        state["mood"] = 1
    else:
        del state["_velocity"]
    with pytest.raises(ValueError, match="state of ChannelMotion and its record differ in: "):
        restore(moving(), state)


def test_a_part_in_place_of_a_value_and_the_other_way_round_are_refused():
    state = capture(moving())
    state["_velocity"] = State()
    with pytest.raises(ValueError, match=r"ChannelMotion\._velocity of the record is not of this set-up"):
        restore(moving(), state)


def rooms(rows):
    made = Rooms([Walls(*[(1.0, -1.0, 0.0)] * rows)], (0, 1))
    made.begin(np.zeros(2))
    made.at(np.zeros(2), np.full(rows, 0.1))
    return made


def test_rooms_to_other_barriers_are_refused_and_to_the_same_ones_taken():
    state = capture(rooms(2))
    restore(rooms(2), state)
    with pytest.raises(ValueError, match="of the record is not of this set-up"):
        restore(rooms(3), state)


def test_a_file_does_not_begin_in_a_trajectory():
    execution = Execution(TWO_JOINTS, moving(), None)
    assert "_plan" in capture(execution)
    execution._plan = object()
    with pytest.raises(ValueError, match="a trajectory is under way"):
        capture(execution)
