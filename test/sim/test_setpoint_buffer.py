"""Setpoints that arrive unevenly leave the buffer evenly; the last one is reached exactly."""

import numpy as np
import pytest

from noetra_ros.sim.setpoint_buffer import QUEUE_DEPTH, SMOOTHED_PERIODS, SetpointBuffer


def play(arrivals, start=0.0, most_change=np.inf):
    """Outputs of one period after another; `arrivals` holds the setpoints that come before each."""
    buffer, out, value = SetpointBuffer(np.array([start]), most_change), [], start
    for setpoints in arrivals:
        for setpoint in setpoints:
            buffer.push(np.array([setpoint]))
        given = buffer.next()
        value = value if given is None else float(given[0])
        out.append(value)
    return np.array(out)


def ramp(count, missed=()):
    """A steady motion; in the periods `missed` nothing comes, and twice as much in the next."""
    arrivals, waiting = [], []
    for k in range(1, count + 1):
        waiting.append(k * 0.01)
        if k in missed:
            arrivals.append([])
        else:
            arrivals.append(waiting)
            waiting = []
    return arrivals


@pytest.mark.parametrize("missed", [(30,), (30, 31), (30, 31, 32)])
def test_late_setpoints_change_the_speed_by_a_tenth_at_most(missed):
    steps = np.diff(play(ramp(60, missed)))[12:]
    assert np.abs(steps - 0.01).max() < 0.001


def test_lost_setpoints_do_not_run_the_queue_dry():
    """A sender that left out three of ten periods, each time less than the queue holds."""
    arrivals = [[k * 0.01] for k in range(1, 200)]
    for lost in (20, 21, 22, 80, 81, 82, 140, 141, 142):
        arrivals.insert(lost, [])
    steps = np.diff(play(arrivals))[12:-20]
    assert np.abs(steps - 0.01).max() < 0.002


def test_a_burst_does_not_stay_as_latency():
    late = [[k * 0.01] for k in range(1, 50)] + [[]] * 8
    late += [[k * 0.01 for k in range(50, 59)]] + [[k * 0.01] for k in range(59, 160)]
    behind = np.array([k * 0.01 for k in range(1, 160)])[-30:] - play(late)[-30:]
    assert behind.max() / 0.01 < QUEUE_DEPTH + SMOOTHED_PERIODS / 2 + 1


def test_a_steady_motion_comes_out_steady():
    steps = np.diff(play(ramp(60)))[12:]
    assert np.allclose(steps, 0.01, rtol=0.1)


def test_the_last_setpoint_is_reached_and_then_nothing_changes():
    out = play(ramp(30) + [[]] * 20)
    assert out[-1] == out[-2]
    assert np.isclose(out[-1], 0.30)


def test_a_single_setpoint_is_played():
    assert np.isclose(play([[1.0]] + [[]] * 10)[-1], 1.0)


def test_a_jump_is_spread_over_some_periods():
    steps = np.diff(play([[]] + [[1.0]] * 20))
    assert np.isclose(steps.max(), 1.0 / SMOOTHED_PERIODS)


def test_a_backlog_is_worked_off():
    burst = [[0.01 * k for k in range(1, 31)]] + [[]] * 40
    out = play(burst)
    periods_until_there = int(np.argmax(np.isclose(out, 0.30)))
    assert periods_until_there < 30
    assert np.diff(out).max() < 0.021


def test_clear_forgets_what_waits():
    buffer = SetpointBuffer(np.array([0.0]))
    buffer.push(np.array([1.0]))
    buffer.clear(np.array([0.5]))
    assert [buffer.next() for _ in range(5)] == [None] * 5


@pytest.mark.parametrize("gone", [3, 6, 10, 30])
@pytest.mark.parametrize("is_late", [True, False], ids=["late", "never sent"])
def test_a_gap_in_a_swing_is_passed_within_the_drive_s_acceleration(gone, is_late):
    """A swing of up to 9.7 rad/s2; without the limit the gap alone would make it up to 38."""
    swing = [[0.12 * (1.0 - np.cos(0.09 * k))] for k in range(200)]
    caught_up = [[value for values in swing[60 : 60 + gone] for value in values]]
    arrivals = swing[:60] + [[]] * gone + (caught_up + swing[60 + gone :] if is_late else swing[60:])
    out = play(arrivals + [[]] * 60, most_change=18.0 * 0.01**2)
    assert np.abs(np.diff(out, 2)).max() / 0.01**2 <= 18.0 + 1e-6
    assert np.abs(np.diff(out)).max() / 0.01 < 1.6
    assert out[-1] == swing[-1][0]


def test_the_limit_changes_nothing_while_setpoints_come():
    swing = [[0.12 * (1.0 - np.cos(0.09 * k))] for k in range(200)]
    assert np.allclose(play(swing), play(swing, most_change=18.0 * 0.01**2), atol=1e-12)
