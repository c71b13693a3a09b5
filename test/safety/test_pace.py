import pytest
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.safety.pace import SetpointClock

PERIOD_NS = 10_000_000


def test_the_first_setpoint_has_no_lead():
    assert SetpointClock(PERIOD_NS).lead_ns(123) == 0


def test_setpoints_on_time_have_no_lead():
    clock = SetpointClock(PERIOD_NS)
    for k in range(5):
        assert clock.lead_ns(k * PERIOD_NS) == 0
        clock.count(k * PERIOD_NS)


def test_two_at_once_lead_by_a_period():
    clock = SetpointClock(PERIOD_NS)
    clock.count(0)
    assert clock.lead_ns(0) == PERIOD_NS
    clock.count(0)
    assert clock.lead_ns(0) == 2 * PERIOD_NS
    assert clock.lead_ns(PERIOD_NS // 2) == PERIOD_NS * 3 // 2


def test_a_pause_saves_nothing_up():
    clock = SetpointClock(PERIOD_NS)
    clock.count(0)
    clock.count(100 * PERIOD_NS)
    assert clock.lead_ns(100 * PERIOD_NS) == PERIOD_NS


@given(st.lists(st.integers(0, 3 * PERIOD_NS), min_size=1, max_size=300))
def test_a_bounded_lead_bounds_the_rate(gaps_ns):
    clock, now_ns, sent = SetpointClock(PERIOD_NS), 0, 0
    for gap_ns in gaps_ns:
        now_ns += gap_ns
        if clock.lead_ns(now_ns) <= 1.5 * PERIOD_NS:
            clock.count(now_ns)
            sent += 1
    assert sent <= now_ns / PERIOD_NS + 2.5


def test_restart_forgets_a_future_that_a_clock_jump_left():
    clock = SetpointClock(PERIOD_NS)
    clock.count(10**12)
    assert clock.lead_ns(0) > 10**11
    clock.restart()
    assert clock.lead_ns(0) == pytest.approx(0)
