"""Literals of the Wilson interval (Brown, Cai and DasGupta 2001, checked by hand) and percentiles."""

import math

import pytest

from noetra_ros.evaluation.statistics import percentile, rate, wilson_interval


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (45, 50, 0.7864, 0.9565),
        (50, 50, 0.9287, 1.0),
        (0, 20, 0.0, 0.1611),
        (10, 20, 0.2993, 0.7007),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_wilson_interval_matches_literals(successes, trials, low, high):
    interval = wilson_interval(successes, trials)
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


def test_wilson_interval_of_nothing_knows_nothing():
    assert (wilson_interval(0, 0).low, wilson_interval(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 5), (6, 5)])
def test_wilson_interval_refuses_impossible_counts(successes, trials):
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(successes, trials)


def test_percentile_interpolates():
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.5
    assert percentile([float(v) for v in range(101)], 99) == 99.0


def test_percentile_of_nothing_is_nan():
    assert math.isnan(percentile([], 50))


def test_percentile_refuses_nan():
    with pytest.raises(ValueError, match="NaN"):
        percentile([1.0, math.nan], 50)


def test_rate_of_nothing_is_nan():
    assert math.isnan(rate(0, 0))
    assert rate(3, 4) == 0.75
