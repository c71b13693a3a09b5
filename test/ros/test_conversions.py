"""Messages and core types, there and back."""

import numpy as np
import pytest
from builtin_interfaces.msg import Duration, Time
from hypothesis import given
from hypothesis import strategies as st
from noetra_ros.msg import ActionChunk as ActionChunkMessage
from sensor_msgs.msg import JointState as JointStateMessage

from noetra_ros.core.types import ActionChunk, CommandKind, JointState
from noetra_ros.ros.chunk_message import CHUNK_KINDS, ChunkMessage, chunk_from_message, chunk_to_message
from noetra_ros.ros.conversions import (
    joint_positions_from_message,
    joint_state_from_message,
    joint_state_to_message,
    ns_to_stamp,
    seconds_to_duration,
    stamp_to_ns,
)

pytestmark = pytest.mark.ros
NAMES = ("a", "b", "c")
finite = st.floats(-1e6, 1e6)


@given(st.integers(0, (2**31 - 1) * 10**9))
def test_stamps_come_back(time_ns):
    assert stamp_to_ns(ns_to_stamp(time_ns)) == time_ns


def test_stamp_fields():
    assert ns_to_stamp(1_500_000_001) == Time(sec=1, nanosec=500_000_001)
    assert seconds_to_duration(0.01) == Duration(sec=0, nanosec=10_000_000)
    with pytest.raises(ValueError, match="before the epoch"):
        ns_to_stamp(-1)


@given(st.lists(finite, min_size=3, max_size=3), st.permutations(NAMES))
def test_joints_come_back_in_the_order_asked_for(values, order):
    state = JointState(5, NAMES, np.array(values), np.array(values) + 1, np.array(values) + 2)
    back = joint_state_from_message(joint_state_to_message(state), order)
    place = [NAMES.index(name) for name in order]
    assert back.positions.tolist() == state.positions[place].tolist()
    assert back.velocities.tolist() == state.velocities[place].tolist()
    assert (back.stamp_ns, back.names) == (5, tuple(order))


def test_missing_velocities_are_nan():
    state = joint_state_from_message(JointStateMessage(name=["a", "b"], position=[1.0, 2.0]), ["b"])
    assert state.positions.tolist() == [2.0]
    assert np.isnan(state.velocities).all() and np.isnan(state.efforts).all()


def test_missing_joint_is_named():
    with pytest.raises(ValueError, match="lacks c; it has a, b"):
        joint_state_from_message(JointStateMessage(name=["a", "b"], position=[1.0, 2.0]), NAMES)
    with pytest.raises(ValueError, match="1 positions for 2 names"):
        joint_state_from_message(JointStateMessage(name=["a", "b"], position=[1.0]), ["a"])


@given(
    st.integers(0, 2**62),
    st.sampled_from(list(CHUNK_KINDS)),
    st.lists(st.lists(finite, min_size=3, max_size=3), min_size=1, max_size=5),
)
def test_chunks_come_back(sequence, kind, rows):
    chunk = ActionChunk(7, sequence, "arm", kind, NAMES, 0.1, 0.05, np.array(rows), "go", "m 1", 0.003)
    back = chunk_from_message(chunk_to_message(chunk))
    assert back.values.tolist() == chunk.values.tolist()
    assert (back.sequence, back.kind, back.names, back.step_s) == (sequence, kind, NAMES, 0.05)
    assert (back.instruction, back.model, back.inference_s, back.stamp_ns) == ("go", "m 1", 0.003, 7)


def test_nothing_of_a_former_chunk_stays_in_the_kept_message():
    kept = ChunkMessage("base")
    first = ActionChunk(
        7, 1, "arm", CommandKind.JOINT_POSITION, NAMES, 0.1, 0.05, np.ones((4, 3)), "go", "m", 0.3
    )
    axes = ("vx", "vy", "wz")
    other = ActionChunk(8, 1, "base", CommandKind.BASE_TWIST, axes, 0.0, 0.1, np.zeros((2, 3)))
    kept.filled(first, 5)
    message = kept.filled(other, 6)
    fresh = chunk_to_message(other, "base")
    fresh.sequence = 6
    assert message == fresh


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": 0}, "kind is 0"),
        ({"rows": 3}, "2 values for 3 rows of 2"),
        ({"values": [1.0, float("nan")]}, "NaN"),
        ({"step_s": 0.0}, "step_s is 0.0"),
        ({"start_offset_s": -1.0}, "start_offset_s is -1.0"),
    ],
)
def test_malformed_chunks_are_refused(changes, words):
    fields = {"kind": 1, "names": ["a", "b"], "rows": 1, "values": [1.0, 2.0], "step_s": 0.1}
    with pytest.raises(ValueError, match=words):
        chunk_from_message(ActionChunkMessage(**{**fields, **changes}))


@pytest.mark.parametrize("names", [["a", "b", "c"], ["c", "b", "a"], ["b"]])
def test_positions_alone_are_those_of_the_whole_state(names):
    message = JointStateMessage(name=["a", "b", "c"], position=[1.0, 2.0, 3.0])
    whole = joint_state_from_message(message, names)
    assert joint_positions_from_message(message, names).tolist() == whole.positions.tolist()


def test_positions_alone_refuse_what_the_whole_state_refuses():
    with pytest.raises(ValueError, match="joint_states lacks d"):
        joint_positions_from_message(JointStateMessage(name=["a"], position=[1.0]), ["d"])


@pytest.mark.parametrize("kind", [CommandKind.EE_TWIST, CommandKind.GRIPPER])
def test_a_chunk_of_a_tool_or_a_gripper_is_not_sent(kind):
    chunk = ActionChunk(7, 1, "arm", kind, ("a",), 0.1, 0.05, np.zeros((1, 1)))
    with pytest.raises(ValueError, match=f"chunk of {kind.value}, expected one of joint_position"):
        chunk_to_message(chunk)
