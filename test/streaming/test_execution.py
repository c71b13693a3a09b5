"""Asynchronous chunks keep their instants; synchronous ones begin when they come and end early."""

import numpy as np
import pytest

from noetra_ros.streaming.execution import executed, executed_s

S = 1_000_000_000
ROWS = np.arange(48.0).reshape(8, 6)


def test_asynchronous_leaves_the_chunk_as_it_is(make_chunk):
    chunk = make_chunk(ROWS)
    assert executed(chunk, "asynchronous", 0.2, 11 * S) is chunk


@pytest.mark.parametrize(
    ("execute_s", "rows"), [(0.0, 8), (0.2, 2), (0.25, 2), (0.8, 8), (0.01, 1), (9.0, 8)]
)
def test_synchronous_begins_on_arrival_and_carries_out_so_many_rows(make_chunk, execute_s, rows):
    chunk = executed(make_chunk(ROWS), "synchronous", execute_s, 11 * S)
    assert (chunk.stamp_ns, chunk.values.tolist()) == (11 * S, ROWS[:rows].tolist())


@pytest.mark.parametrize(
    ("execution", "execute_s", "expected"),
    [
        ("asynchronous", 0.2, 0.0),
        ("synchronous", 0.2, 0.2),
        ("synchronous", 0.0, 0.8),
        ("synchronous", 9.0, 0.8),
    ],
)
def test_time_of_a_piece(execution, execute_s, expected):
    assert executed_s(execution, execute_s, 0.1, 0.1, 8) == pytest.approx(expected)
