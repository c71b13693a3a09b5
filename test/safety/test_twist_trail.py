"""What was sent to a tool within a span, with its durations: neither more nor less."""

import pytest

from noetra_ros.safety.twist_trail import REMEMBERED, TwistTrail

NS = 1_000_000


def trail(*starts_ms):
    made = TwistTrail()
    for number, start_ms in enumerate(starts_ms, start=1):
        made.go((float(number),) * 6, start_ms * NS)
    return made


def rows(made, now_ms, span_s):
    return [(pytest.approx(row[0]), row[1]) for row in made.since(now_ms * NS, span_s).tolist()]


@pytest.mark.parametrize(
    ("now_ms", "span_s", "expected"),
    [
        (300, 0.05, [(0.05, 3.0)]),
        (300, 0.1, [(0.1, 3.0)]),
        (300, 0.15, [(0.05, 2.0), (0.1, 3.0)]),
        (300, 0.2, [(0.1, 2.0), (0.1, 3.0)]),
        (300, 9.0, [(0.1, 1.0), (0.1, 2.0), (0.1, 3.0)]),
        (200, 0.1, [(0.1, 2.0)]),
        (250, 0.0, []),
    ],
)
def test_each_twist_holds_until_the_next_and_counts_within_the_span(now_ms, span_s, expected):
    assert rows(trail(0, 100, 200), now_ms, span_s) == expected


def test_two_at_the_same_instant_are_the_later_one():
    assert rows(trail(0, 100, 100), 150, 0.15) == [(0.1, 1.0), (0.05, 3.0)]


def test_all_six_parts_are_told():
    made = TwistTrail()
    made.go((1.0, 2.0, 3.0, 4.0, 5.0, 6.0), 0)
    assert made.since(NS, 1.0).tolist() == [[0.001, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]


def test_four_seconds_at_a_kilohertz_are_remembered():
    assert REMEMBERED == 4096
