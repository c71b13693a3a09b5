"""Every registered splice begins and ends where it must, and each does what it is for."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.streaming.references import Hold, RowCurve
from noetra_ros.streaming.splices import SPLICES, Seam

S = 1_000_000_000
INSIDE = Seam(S, 0.2, 0.1, rows=8, delay_rows=2, executed_rows=2, jump_limit=np.full(2, 0.01))
OUTSIDE = dataclasses.replace(INSIDE, delay_rows=5, executed_rows=5)
FIRST = dataclasses.replace(INSIDE, delay_rows=0, executed_rows=0)
ZERO, ONE, NEAR = Hold(np.zeros(2)), Hold(np.ones(2), 9 * S), Hold(np.full(2, 0.009), 9 * S)


def test_known_splices():
    assert SPLICES.names() == ["blend", "corrected", "latest", "rtc", "temporal_ensemble"]


@pytest.mark.parametrize("name", SPLICES.names())
def test_the_new_plan_is_reached_after_the_blend_time(name):
    spliced = SPLICES.get(name)(ZERO, ONE, INSIDE).reference
    assert spliced.at(S + S // 5).value.tolist() == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("name", ["blend", "rtc", "temporal_ensemble"])
def test_a_seam_begins_where_the_old_plan_is(name):
    begin = SPLICES.get(name)(ZERO, ONE, INSIDE).reference.at(S)
    assert np.abs(np.concatenate(begin)).max() < 1e-5


def test_a_correction_is_taken_within_a_short_fade_and_another_chunk_as_rtc_does():
    corrected = SPLICES.get("corrected")
    often = corrected(ZERO, ONE, dataclasses.replace(INSIDE, interval_s=0.02))
    assert often.how == "corrected" and often.reference.at(S + S // 25).value.tolist() == [1.0, 1.0]
    assert corrected(ZERO, NEAR, dataclasses.replace(INSIDE, interval_s=0.2)).how == "rtc"
    assert corrected(ZERO, ONE, FIRST).how == "blend"


def test_corrections_that_overtake_one_another_leave_no_chain():
    corrected = SPLICES.get("corrected")
    plan, depth = ZERO, 0
    for number in range(50):
        seam = dataclasses.replace(INSIDE, now_ns=S + number * S // 50, interval_s=0.02)
        plan = corrected(plan, ONE, seam).reference
    while hasattr(plan, "old"):
        plan, depth = plan.old, depth + 1
    assert depth <= 3


def test_blend_chains_stay_short():
    blend = SPLICES.get("blend")
    first = blend(ZERO, ONE, INSIDE).reference
    second = blend(first, ZERO, dataclasses.replace(INSIDE, now_ns=2 * S)).reference
    assert second.old is first.new


def test_blend_time_zero_is_allowed():
    spliced = SPLICES.get("blend")(ZERO, ONE, dataclasses.replace(INSIDE, blend_s=0.0))
    assert spliced.reference.at(S + 1).value.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("new", "seam", "how"),
    [(NEAR, INSIDE, "rtc"), (NEAR, OUTSIDE, "blend"), (ONE, INSIDE, "blend"), (NEAR, FIRST, "blend")],
    ids=["carried on", "delay beyond the envelope", "plans that do not agree", "nothing to carry on"],
)
def test_rtc_takes_what_carries_on_and_blends_what_does_not(new, seam, how):
    spliced = SPLICES.get("rtc")(ZERO, new, seam)
    assert spliced.how == how
    assert spliced.reference.duration_ns == (S // 10 if how == "rtc" else S // 5)


def ensemble_of(make_chunk, count):
    """Chunks 0.2 s apart that disagree by 0.01 rad each, joined one after the other."""
    reference = Hold(np.zeros(6))
    for k in range(count):
        stamp_ns = S + k * S // 5
        plan = RowCurve(make_chunk(np.full((8, 6), 0.01 * k), stamp_ns), 0.0, stops_at_zero=False)
        seam = dataclasses.replace(INSIDE, now_ns=stamp_ns)
        reference = SPLICES.get("temporal_ensemble")(reference, plan, seam).reference
    return reference


def test_an_ensemble_is_the_weighted_mean_of_acts_weights(make_chunk):
    reference = ensemble_of(make_chunk, 3)
    weights = np.exp(-0.01 * np.arange(1, 4))  # the hold that it began with was the oldest
    expected = (weights * [0.0, 0.01, 0.02]).sum() / weights.sum()
    assert reference.at(S + 6 * S // 10).value[0] == pytest.approx(expected, rel=1e-4)


def test_an_ensemble_moves_without_a_jump_through_its_second_derivative(make_chunk):
    reference, dt = ensemble_of(make_chunk, 4), 1e-3
    motions = [reference.at(S + 6 * S // 10 + k * S // 1000) for k in range(1200)]
    value, rate, curvature = (np.array([getattr(m, f)[0] for m in motions]) for f in motions[0]._fields)
    assert np.abs(np.gradient(value, dt)[1:-1] - rate[1:-1]).max() < 2e-3
    assert np.abs(np.gradient(rate, dt)[1:-1] - curvature[1:-1]).max() < 5e-2


def test_an_ensemble_forgets_plans_that_have_ended(make_chunk):
    assert len(ensemble_of(make_chunk, 12).members) <= 6
