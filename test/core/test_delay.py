"""Delay in actions: what is counted, what is left out, and the envelope of real-time chunking."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.core.delay import DelayMeter, is_within_envelope, rows_past


@pytest.mark.parametrize(
    ("delay_s", "rows"),
    [(0.0, 0), (0.05, 0), (0.1, 0), (0.101, 1), (0.2, 1), (0.25, 2), (0.9, 8)],
)
def test_rows_of_a_chunk_that_begins_a_step_after_its_observation(delay_s: float, rows: int) -> None:
    assert rows_past(delay_s, start_offset_s=0.1, step_s=0.1) == rows


def test_a_cold_start_does_not_count() -> None:
    meter = DelayMeter()
    meter.add(7.0, is_cold=True)
    assert math.isnan(meter.p95_s) and meter.p95_rows(0.1, 0.1) == 0
    meter.add(0.25)
    assert (meter.p95_s, meter.p95_rows(0.1, 0.1), meter.left_out) == (0.25, 2, 1)


def test_the_percentile_runs_and_forgets() -> None:
    meter = DelayMeter()
    for _ in range(20):
        meter.add(0.4)
    for _ in range(150):
        meter.add(0.1)
    assert (meter.p95_s, meter.count) == (0.1, 150)


@given(st.lists(st.floats(0.0, 10.0), min_size=1, max_size=400))
def test_the_percentile_is_that_of_the_last_hundred_and_fifty(delays_s: list[float]) -> None:
    meter = DelayMeter()
    for delay_s in delays_s:
        meter.add(delay_s)
    assert meter.p95_s == pytest.approx(np.percentile(delays_s[-150:], 95.0), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("delay", "executed", "rows", "is_within"),
    [(2, 2, 8, True), (4, 4, 8, True), (5, 5, 8, False), (3, 2, 8, False), (0, 8, 8, True), (1, 8, 8, False)],
)
def test_envelope(delay: int, executed: int, rows: int, is_within: bool) -> None:
    assert is_within_envelope(delay, executed, rows) is is_within
