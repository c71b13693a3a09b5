from __future__ import annotations

import numpy as np
import pytest
from made_episodes import chunk

from noetra_ros.policy.trust.overlap import disagreement

ONE = np.ones(2)
LINE = np.arange(6.0)[:, None] * ONE


def test_who_says_the_same_again_does_not_disagree():
    # the second chunk is two rows later: it begins with the old row 2
    assert disagreement(chunk(0, LINE), chunk(1, LINE + 2.0), ONE) == pytest.approx(0.0, abs=1e-9)


def test_a_constant_difference_is_told_in_spreads():
    assert disagreement(chunk(0, LINE), chunk(1, LINE + 2.3), 0.1 * ONE) == pytest.approx(3.0)


def test_only_rows_that_overlap_count():
    new = LINE + 2.0
    new[4:] += 100.0  # behind the end of the old chunk
    assert disagreement(chunk(0, LINE), chunk(1, new), ONE) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("other", [chunk(9, LINE), chunk(1, LINE, names=("a", "c"))])
def test_chunks_that_cannot_be_compared_say_nothing(other):
    assert disagreement(chunk(0, LINE), other, ONE) == 0.0


def test_rows_between_those_of_the_old_chunk_are_interpolated():
    old, new = chunk(0, LINE), chunk(1, LINE + 2.0)
    late = type(new)(**(vars(new) | {"stamp_ns": new.stamp_ns + 50_000_000}))
    assert disagreement(old, late, ONE) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("late_ns", [-250_000_000, -100_000_000, 0, 1, 100_000_000, 130_000_000, 500_000_000])
@pytest.mark.parametrize("step_s", [0.1, 0.05])
def test_any_two_time_grids_are_compared_where_both_have_rows(late_ns, step_s):
    old, new = chunk(0, LINE**2), chunk(0, LINE)
    moved = type(new)(**(vars(new) | {"stamp_ns": new.stamp_ns + late_ns, "step_s": step_s}))
    times_s = (moved.row_times_ns - old.stamp_ns) * 1e-9
    known_s = (old.row_times_ns - old.stamp_ns) * 1e-9
    is_known = (times_s > known_s[0] - 1e-7) & (times_s < known_s[-1] + 1e-7)
    expected = np.interp(times_s, known_s, old.values[:, 0])
    change = moved.values[is_known, 0] - expected[is_known]
    assert disagreement(old, moved, ONE) == pytest.approx(np.sqrt(np.mean(change**2)), abs=1e-5)
