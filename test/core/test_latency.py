"""Percentiles by stage."""

from __future__ import annotations

import pytest

from noetra_ros.core.latency import StageTimes


def test_percentiles_of_each_stage_that_was_passed() -> None:
    times = StageTimes("first", "second", "third")
    for k in range(101):
        times.add("second", k / 100)
        times.add("first", 1.0)
    spreads = times.spreads()
    assert list(spreads) == ["first", "second"]
    second = spreads["second"]
    assert (second.count, second.p50_s, second.p95_s, second.p99_s) == pytest.approx((101, 0.5, 0.95, 0.99))


def test_old_passes_are_forgotten() -> None:
    times = StageTimes("only")
    for k in range(3000):
        times.add("only", float(k >= 2000))
    assert times.spreads()["only"].p50_s == 1.0 and times.spreads()["only"].count == 1000


def test_an_unknown_stage_is_an_error() -> None:
    with pytest.raises(KeyError):
        StageTimes("known").add("unknown", 1.0)
