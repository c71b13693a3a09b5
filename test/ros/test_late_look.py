"""A late watchdog waits for the mail once, and for a bounded time; one in time waits for nothing."""

import math

import pytest

from noetra_ros.ros.late_look import LATE_S, LateLook

PERIOD_S, WAIT_S = 0.01, 0.005
S = 1_000_000_000


def after(seconds):
    """The instant so long after the beat at 1 s."""
    return S + round(seconds * S)


@pytest.fixture
def look():
    """Made at 1 s; something runs out 4 ms later."""
    look = LateLook(PERIOD_S)
    look.expect(S, 0.004)
    look.beat(S)
    return look


def test_before_the_first_beat_nothing_is_late():
    look = LateLook(PERIOD_S)
    assert look.late_s(S) == 0.0 and look.wait_s(S, is_overdue=True) == 0.0


@pytest.mark.parametrize("late_s", [0.0, 0.9 * LATE_S])
def test_a_look_in_time_is_made_whatever_is_missing(look, late_s):
    """The source died while the machine went on: its stop waits for nobody."""
    assert look.wait_s(after(0.004 + late_s), is_overdue=True) == 0.0


@pytest.mark.parametrize("late_s", [1.1 * LATE_S, 0.03, 3.0])
def test_a_late_look_waits_as_long_however_late_it_is(look, late_s):
    assert look.wait_s(after(0.004 + late_s), is_overdue=True) == pytest.approx(WAIT_S)


@pytest.mark.parametrize(("period_s", "wait_s"), [(0.001, 0.0005), (0.01, 0.005), (0.05, 0.005)])
def test_it_waits_no_longer_on_slow_channels_and_half_a_period_on_quick_ones(period_s, wait_s):
    look = LateLook(period_s)
    look.beat(S)
    assert look.wait_s(after(period_s + 0.03), is_overdue=True) == pytest.approx(wait_s)


def test_a_late_look_that_misses_nothing_is_made(look):
    assert look.wait_s(after(0.05), is_overdue=False) == 0.0


def test_what_is_missing_after_the_wait_is_missing(look):
    assert look.wait_s(after(0.05), is_overdue=True) > 0.0
    assert look.wait_s(after(0.05 + WAIT_S), is_overdue=True) == 0.0


def test_another_look_within_the_wait_neither_ends_nor_lengthens_it(look):
    look.wait_s(after(0.05), is_overdue=True)
    look.beat(after(0.05))
    assert look.wait_s(after(0.052), is_overdue=True) == pytest.approx(WAIT_S - 0.002)
    assert look.wait_s(after(0.05 + WAIT_S), is_overdue=True) == 0.0


def test_a_command_within_the_wait_ends_it(look):
    look.wait_s(after(0.05), is_overdue=True)
    assert look.wait_s(after(0.052), is_overdue=False) == 0.0
    look.expect(after(0.052), math.inf)
    look.beat(after(0.052))
    assert look.wait_s(after(0.06), is_overdue=True) == 0.0, "a new silence is judged in time"


@pytest.mark.parametrize(("remaining_s", "due_s"), [(0.004, 0.004), (0.02, 0.01), (math.inf, 0.01)])
def test_due_is_what_runs_out_or_the_beat(remaining_s, due_s):
    look = LateLook(PERIOD_S)
    look.expect(S, remaining_s)
    look.beat(S)
    assert look.late_s(after(due_s)) == 0.0
    assert look.late_s(after(due_s + 0.003)) == pytest.approx(0.003)
