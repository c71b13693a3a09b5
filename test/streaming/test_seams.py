"""The books on seams: which delays count, when real-time chunking falls back, how large a jump may be."""

import numpy as np
import pytest

from noetra_ros.streaming.limits import StreamLimits
from noetra_ros.streaming.references import Hold
from noetra_ros.streaming.seams import Seams, jump_limit
from noetra_ros.streaming.splices import Seam

S = 1_000_000_000
LIMITS = StreamLimits(
    ("a",), np.array([-1.0]), np.array([1.0]), np.array([2.0]), np.array([10.0]), np.array([600.0])
)


def replay(make_chunk, delay_s, count=30, splice="rtc"):
    """Chunks that agree with one another, each asked for as soon as the one before has come."""
    seams, stamp_ns = Seams(splice, 0.15, LIMITS), 10 * S
    for number in range(count):
        chunk = make_chunk(np.zeros((8, 6)), stamp_ns, number + 1)
        now_ns = stamp_ns + round(delay_s * S)
        seams.note_arrival(chunk, now_ns, now_ns)
        seams.join(Hold(np.zeros(1)), Hold(np.zeros(1)), chunk, now_ns)
        stamp_ns = max(now_ns, stamp_ns + S // 5)
    return seams


def test_delay_is_counted_in_actions_and_the_first_one_is_cold(make_chunk):
    seams = replay(make_chunk, 0.25)
    assert seams.delay.p95_rows(0.1, 0.1) == 2
    assert (seams.delay.left_out, seams.delay.count) == (1, 29)


@pytest.mark.parametrize(("delay_s", "used"), [(0.05, "rtc"), (0.25, "rtc"), (0.39, "rtc"), (0.55, "blend")])
def test_rtc_falls_back_when_the_measured_delay_leaves_the_envelope(make_chunk, delay_s, used):
    seams = replay(make_chunk, delay_s)
    assert seams.used.most_common(1)[0][0] == used
    assert seams.fallbacks <= 1 if used == "rtc" else seams.fallbacks >= 28


def test_a_new_sentence_and_a_robot_at_rest_count_as_cold(make_chunk):
    seams = Seams("blend", 0.15, LIMITS)
    first, second = make_chunk(np.zeros((8, 6))), make_chunk(np.zeros((8, 6)), 11 * S, 2, instruction="stop")
    third = make_chunk(np.zeros((8, 6)), 30 * S, 3, instruction="stop")
    for chunk, busy_until_ns in ((first, 0), (second, 12 * S), (third, 12 * S)):
        seams.note_arrival(chunk, chunk.stamp_ns + S, busy_until_ns)
        seams.join(Hold(np.zeros(1)), Hold(np.zeros(1)), chunk, chunk.stamp_ns + S)
    assert (seams.delay.left_out, seams.delay.count) == (3, 0)


def test_a_fade_over_the_largest_gap_keeps_the_limits():
    from noetra_ros.streaming.references import faded

    gap = jump_limit(LIMITS, 0.1)
    passage = faded(Hold(np.zeros(1)), Hold(gap), 0, 0.1)
    curvature = np.array([passage.at(k * 100_000).curvature[0] for k in range(1001)])
    assert np.abs(curvature).max() <= 10.0 + 1e-9
    assert np.abs(np.diff(curvature)).max() / 1e-4 == pytest.approx(600.0, rel=1e-2)


def test_a_seam_knows_its_envelope():
    assert Seam(0, 0.1, 0.1, 8, 4, 4, np.zeros(1)).is_within_envelope
    assert not Seam(0, 0.1, 0.1, 8, 5, 5, np.zeros(1)).is_within_envelope
