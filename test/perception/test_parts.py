"""A bent arm in parts: nothing is lost, and the space that it goes around stays free."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.perception.parts import PARTS_MAX, cut_into_parts


def test_a_small_cluster_stays_whole():
    points = np.array([[0.0, 0.0, 0.0], [0.2, 0.0, 0.0]], np.float32)
    assert [part.tolist() for part in cut_into_parts(points, 0.15, np.zeros(3))] == [[0, 1]]


def test_the_first_part_is_around_what_is_nearest_to_the_robot():
    rod = np.column_stack([np.linspace(1.0, 0.3, 71), np.zeros(71), np.zeros(71)]).astype(np.float32)
    parts = cut_into_parts(rod, 0.15, np.zeros(3))
    assert rod[parts[0], 0].min() == np.float32(0.3)
    assert rod[parts[0], 0].max() < 0.46
    assert len(parts) == 5


@given(st.integers(0, 2**32 - 1), st.integers(1, 500), st.floats(0.05, 3.0))
def test_every_point_is_in_one_part(seed, count, span_m):
    points = np.random.default_rng(seed).uniform(-span_m, span_m, (count, 3)).astype(np.float32)
    parts = cut_into_parts(points, 0.15, np.zeros(3))
    assert len(parts) <= PARTS_MAX
    assert sorted(np.concatenate(parts)) == list(range(count))
