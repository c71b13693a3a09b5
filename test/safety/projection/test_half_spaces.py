"""Half spaces of the next speeds: what was seen with some speeds is asked of all others, along its slopes."""

import numpy as np
import pytest

from noetra_ros.safety.projection.half_spaces import HalfSpaces

SLOPES = np.array([[-0.1, 0.0], [0.05, -0.2]])
SEEN_WITH = np.array([0.5, -0.5])


def test_at_first_nothing_is_asked():
    room = HalfSpaces(3)
    assert room.rows.shape == (0, 3) and room.least.shape == (0,) and room.owners == []


def test_room_that_is_left_may_be_used_up_and_no_more():
    room = HalfSpaces(2)
    room.add([4, 7], SLOPES, SEEN_WITH, np.array([0.02, 0.0]))
    assert room.owners == [4, 7] and room.rows.tolist() == SLOPES.tolist()
    left = room.rows @ SEEN_WITH - room.least
    assert left == pytest.approx([0.02, 0.0])
    assert room.rows @ (SEEN_WITH + np.array([0.2, 0.05])) - room.least == pytest.approx([0.0, 0.0])


def test_what_is_missing_has_to_be_won():
    room = HalfSpaces(2)
    room.add([4, 7], SLOPES, SEEN_WITH, np.array([0.02, 0.03]))
    room.add([4], SLOPES[:1], SEEN_WITH, np.array([-0.01]))
    assert room.owners == [4, 7, 4] and room.rows.shape == (3, 2)
    assert room.rows @ SEEN_WITH - room.least == pytest.approx([0.02, 0.03, -0.01])
    assert room.rows[2] @ (SEEN_WITH - [0.1, 0.0]) == pytest.approx(room.least[2])
