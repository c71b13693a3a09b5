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
