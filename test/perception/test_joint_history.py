"""Joint positions at the stamp of a picture."""

import numpy as np
import pytest

from noetra_ros.core.types import JointState
from noetra_ros.perception.joint_history import JointHistory

MS = 1_000_000


def history(*rows):
    made = JointHistory(gap_s=0.05)
    for stamp_ms, position in rows:
        made.add(JointState(stamp_ms * MS, ("j",), np.array([position]), np.zeros(1), np.zeros(1)))
    return made


def test_between_two_states_it_is_linear():
    assert history((100, 1.0), (110, 2.0)).positions_at(107 * MS) == pytest.approx([1.7])


@pytest.mark.parametrize(("stamp_ms", "expected"), [(100, 1.0), (110, 2.0), (160, 2.0), (51, 1.0)])
def test_before_and_after_the_nearest_state_counts(stamp_ms, expected):
    assert history((100, 1.0), (110, 2.0)).positions_at(stamp_ms * MS) == pytest.approx([expected])


@pytest.mark.parametrize("stamp_ms", [49, 161])
def test_too_far_from_any_state_nothing_is_said(stamp_ms):
    assert history((100, 1.0), (110, 2.0)).positions_at(stamp_ms * MS) is None


def test_between_states_too_far_apart_only_the_near_one_counts():
    assert history((100, 1.0), (900, 2.0)).positions_at(130 * MS) == pytest.approx([1.0])
    assert history((100, 1.0), (900, 2.0)).positions_at(500 * MS) is None


def test_a_clock_that_was_set_back_starts_anew():
    assert history((900, 2.0), (100, 1.0)).positions_at(890 * MS) is None


def test_nothing_was_heard_yet():
    assert history().positions_at(0) is None
