"""Which chunks are refused, and with what words."""

import numpy as np
import pytest

from noetra_ros.core.types import CommandKind
from noetra_ros.streaming.intake import ChunkIntake

S = 1_000_000_000
ROWS = np.arange(12.0).reshape(2, 6)


@pytest.fixture
def intake(arm):
    return ChunkIntake("arm", CommandKind.JOINT_POSITION, arm.joint_names)


def test_columns_are_put_into_command_order(intake, make_chunk, arm):
    chunk = make_chunk(ROWS[:, ::-1], names=tuple(reversed(arm.joint_names)))
    assert intake.offer(chunk, 10 * S).values.tolist() == ROWS.tolist()
    assert (intake.accepted, intake.dropped, intake.newest.sequence) == (1, 0, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"channel": "leg"}, "channel is 'leg', expected 'arm'"),
        ({"kind": CommandKind.JOINT_VELOCITY}, "kind is joint_velocity, expected joint_position"),
        ({"names": ("a", "b", "c", "d", "e", "f")}, "names are a, b, c, d, e, f"),
        ({"stamp_ns": 9 * S}, "late: its last row was over 0.700 s ago"),
        ({"stamp_ns": 11 * S}, "from the future: stamped 1.000 s ahead"),
    ],
)
def test_refusals_say_why(intake, make_chunk, changes, reason):
    assert intake.offer(make_chunk(ROWS, **changes), 10 * S) is None
    assert reason in intake.last_reason
    assert intake.dropped == 1 and intake.newest is None


def test_older_observation_is_out_of_order(intake, make_chunk):
    intake.offer(make_chunk(ROWS, 10 * S, 5), 10 * S)
    assert intake.offer(make_chunk(ROWS, 10 * S - 1, 6), 10 * S) is None
    assert "out of order" in intake.last_reason


def test_same_sequence_twice_is_out_of_order(intake, make_chunk):
    intake.offer(make_chunk(ROWS, 10 * S, 5), 10 * S)
    assert intake.offer(make_chunk(ROWS, 10 * S, 5), 10 * S) is None
    assert "sequence 5 after 5" in intake.last_reason


def test_a_policy_started_again_is_heard(intake, make_chunk):
    intake.offer(make_chunk(ROWS, 10 * S, 500), 10 * S)
    assert intake.offer(make_chunk(ROWS, 10 * S + 1, 1), 10 * S) is not None
