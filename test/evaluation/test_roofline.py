from __future__ import annotations

import pytest

from noetra_ros.evaluation.roofline import Card, Work, bound_s

CARD = Card(flop_per_s=100.0, byte_per_s=10.0)


@pytest.mark.parametrize(
    ("parts", "expected_s"),
    [
        ([Work("computes", 200.0, 1.0)], 2.0),
        ([Work("reads", 1.0, 50.0)], 5.0),
        ([Work("computes", 200.0, 1.0), Work("reads", 1.0, 50.0)], 7.0),
        ([Work("again and again", 100.0, 5.0, count=10)], 10.0),
    ],
)
def test_each_part_is_bound_by_what_is_slower(parts, expected_s):
    assert bound_s(parts, CARD) == pytest.approx(expected_s)
