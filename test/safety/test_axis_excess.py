"""Which axis is named as the one that is farthest above its limit."""

import pytest

from noetra_ros.safety.axis_excess import worst_axis


@pytest.mark.parametrize(
    ("values", "limits", "worst"),
    [
        ((1.0, -2.0), (1.0, 2.0), None),  # on the limits
        ((0.5, -3.0, 2.2), (1.0, 2.0, 2.0), 1),
        ((3.0,), (2.0,), 0),
        ((1.2, 11.0), (1.0, 10.0), 0),  # the largest share, not the largest excess
        ((3.0, 1.5), (1.0, 1.0), 0),
        ((2.0, 2.0), (1.0, 1.0), 0),  # of two alike the first
        ((1e-3, 5.0), (0.0, 1.0), 0),  # a locked axis
        ((1.00000005,), (1.0,), None),  # rounding
        ((1.0000002,), (1.0,), 0),
        ((1e-9,), (0.0,), None),
        ((1.5e-9,), (0.0,), 0),
        ((3e-9, 2.5), (0.0, 1.0), 0),  # of nothing at all: by shares of 1e-9
        ((2.5, 3e-9), (1.0, 0.0), 1),
    ],
)
def test_the_worst_axis(values, limits, worst):
    assert worst_axis(values, limits) == worst


def test_slack_explains_a_small_excess():
    assert worst_axis((1.05,), (1.0,), slack=0.1) is None
    assert worst_axis((1.15,), (1.0,), slack=0.1) == 0


@pytest.mark.parametrize("values", [(0.5, 0.5), (3.0, 0.5)])
def test_a_value_without_a_limit_is_refused(values):
    with pytest.raises(ValueError, match="2 values beside 1 limits"):
        worst_axis(values, (1.0,))
