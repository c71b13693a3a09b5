"""Curves through rows: exact at the rows, smooth between, at rest at the end."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from noetra_ros.core.types import CommandKind
from noetra_ros.streaming.references import Blended, Hold, RowCurve, smoothstep

S = 1_000_000_000
ROWS = [[0.1 * k] + [0.0] * 5 for k in range(8)]


def derivatives(reference, time_ns, h_ns=10_000):
    """Central differences of the value: rate and curvature of column 0."""
    before, here, after = (reference.at(time_ns + d).value[0] for d in (-h_ns, 0, h_ns))
    h = h_ns * 1e-9
    return (after - before) / (2 * h), (after - 2 * here + before) / h**2


def test_rows_are_met_at_their_time(make_chunk):
    curve = RowCurve(make_chunk(ROWS), stop_s=0.2, stops_at_zero=False)
    assert curve.at(10 * S + 100_000_000).value[0] == pytest.approx(0.0)
    assert curve.at(10 * S + 400_000_000).value[0] == pytest.approx(0.3)


def test_straight_rows_give_constant_speed(make_chunk):
    curve = RowCurve(make_chunk(ROWS), stop_s=0.2, stops_at_zero=False)
    motion = curve.at(10 * S + 333_000_000)
    assert motion.rate[0] == pytest.approx(1.0)
    assert motion.curvature[0] == pytest.approx(0.0, abs=1e-9)


def test_first_row_is_approached_on_its_line(make_chunk):
    curve = RowCurve(make_chunk(ROWS), stop_s=0.2, stops_at_zero=False)
    assert curve.at(10 * S + 50_000_000).value[0] == pytest.approx(-0.05)
    assert curve.at(10 * S + 50_000_000).rate[0] == pytest.approx(1.0)


def test_end_is_at_rest_on_the_last_row_and_never_beyond(make_chunk):
    curve = RowCurve(make_chunk(ROWS), stop_s=0.2, stops_at_zero=False)
    values = [curve.at(10 * S + k * 1_000_000).value[0] for k in range(700, 1200)]
    assert max(values) == pytest.approx(0.7, abs=1e-12)
    assert (np.diff(values) >= -1e-12).all()
    assert curve.end_ns == 10 * S + 900_000_000
    assert curve.at(curve.end_ns).rate[0] == 0.0


@pytest.mark.parametrize("rows", [2, 3, 8])
def test_the_curve_is_the_natural_cubic_spline(make_chunk, rows):
    values = np.random.default_rng(1).normal(size=(rows, 6))
    curve = RowCurve(make_chunk(values, start_offset_s=0.0), stop_s=0.0, stops_at_zero=False)
    judge = CubicSpline(0.1 * np.arange(rows), values, bc_type="natural")
    for t in np.linspace(0.0, 0.1 * (rows - 1), 23)[:-1]:
        motion = curve.at(10 * S + round(t * S))
        for order, derivative in enumerate(motion):
            assert derivative.tolist() == pytest.approx(judge(t, order).tolist(), abs=1e-4)


def test_a_single_row_is_held(make_chunk):
    curve = RowCurve(make_chunk([[0.3] * 6]), stop_s=0.2, stops_at_zero=False)
    assert curve.at(10 * S).value[0] == curve.at(12 * S).value[0] == 0.3


def test_speeds_are_kept_for_one_step_then_zero(make_chunk):
    rows = [[0.4, 0.0, 0.2]] * 3
    chunk = make_chunk(rows, kind=CommandKind.BASE_TWIST, names=("vx", "vy", "wz"), channel="base")
    curve = RowCurve(chunk, stop_s=0.2, stops_at_zero=True)
    assert curve.at(10 * S + 390_000_000).value.tolist() == pytest.approx([0.4, 0.0, 0.2])
    assert curve.at(10 * S + 400_000_000).value.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("offset_ms", [60, 150, 420, 777, 850])
def test_derivatives_are_those_of_the_value(make_chunk, offset_ms):
    rng = np.random.default_rng(3)
    old = RowCurve(make_chunk(np.cumsum(rng.normal(0, 0.1, (8, 6)), 0)), 0.2, False)
    new = RowCurve(make_chunk(np.cumsum(rng.normal(0, 0.1, (8, 6)), 0)), 0.2, False)
    blended = Blended(old, new, 10 * S + 50_000_000, S)
    for reference in (old, blended):
        time_ns = 10 * S + offset_ms * 1_000_000
        rate, curvature = derivatives(reference, time_ns)
        assert reference.at(time_ns).rate[0] == pytest.approx(rate, abs=1e-5)
        assert reference.at(time_ns).curvature[0] == pytest.approx(curvature, abs=2e-2)


def test_blend_begins_on_the_old_and_ends_on_the_new():
    blended = Blended(Hold(np.zeros(6)), Hold(np.ones(6)), start_ns=S, duration_ns=S)
    assert blended.at(S).value[0] == 0.0
    assert blended.at(S + S // 2).value[0] == pytest.approx(0.5)
    assert blended.at(2 * S).value[0] == 1.0
    assert blended.settled(2 * S) is blended.new
    assert blended.settled(2 * S - 1) is blended


def test_smoothstep_is_flat_at_both_ends():
    assert smoothstep(0.0) == (0.0, 0.0, 0.0)
    assert smoothstep(1.0) == (1.0, 0.0, 0.0)
    assert smoothstep(0.5)[0] == pytest.approx(0.5)
    assert smoothstep(0.5)[1] == pytest.approx(1.875)
