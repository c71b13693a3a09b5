"""Setpoints keep the limits whatever is asked, and follow without lag what keeps them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noetra_ros.robots import load_robot
from noetra_ros.streaming.follower import Follower
from noetra_ros.streaming.limits import channel_limits
from noetra_ros.streaming.references import Hold, Motion

PERIOD_S = 0.01
TICK = 10_000_000
PROFILE = load_robot("so101")
LIMITS = channel_limits(PROFILE, PROFILE.channel("arm"), 0.9, PERIOD_S)


class Sine:
    """All columns swing around zero."""

    end_ns = 0

    def __init__(self, amplitude: float, frequency_radps: float) -> None:
        self.a, self.w = amplitude, frequency_radps

    def at(self, time_ns: int) -> Motion:
        t, one = time_ns * 1e-9, np.ones(6)
        a, w = self.a, self.w
        return Motion(
            a * (1 - np.cos(w * t)) * one, a * w * np.sin(w * t) * one, a * w * w * np.cos(w * t) * one
        )


def follow(reference, ticks, start=0.0):
    follower = Follower(LIMITS, PERIOD_S)
    follower.place(np.full(6, start))
    out = [follower.value]
    return np.array(out + [follower.step(reference, (k + 1) * TICK) for k in range(ticks)])


def test_a_feasible_reference_is_followed_exactly():
    sine = Sine(0.4, 2.4)  # 0.96 rad/s, 2.3 rad/s2
    stream = follow(sine, 400)
    wanted = np.array([sine.at(k * TICK).value for k in range(401)])
    assert np.abs(stream - wanted)[20:].max() < 1e-9


def test_lag_on_a_ramp_of_1_radps_is_less_than_a_tick():
    class Ramp:
        end_ns = 0

        def at(self, time_ns):
            return Motion(np.full(6, time_ns * 1e-9 - 0.5), np.ones(6), np.zeros(6))

    stream = follow(Ramp(), 80, start=-0.17)  # begins at rest, 0.33 rad ahead of the ramp
    assert np.abs(stream[60] - (0.6 - 0.5)).max() < 1e-6


def test_a_step_is_reached_and_held(excess):
    stream = follow(Hold(np.full(6, 0.8)), 200)
    assert stream[-1].tolist() == pytest.approx([0.8] * 6, abs=1e-9)
    assert excess(stream, LIMITS, PERIOD_S).max() <= 1.0 + 1e-6
    assert stream.max() <= 0.8 + 1e-9


def test_the_end_of_the_range_is_not_overrun():
    stream = follow(Hold(np.full(6, 9.0)), 400)
    assert stream[-1].tolist() == pytest.approx(LIMITS.upper.tolist())
    assert (stream <= LIMITS.upper + 1e-9).all()


def test_braking_comes_to_rest_within_limits(excess):
    follower = Follower(LIMITS, PERIOD_S)
    follower.place(np.zeros(6))
    stream = [follower.step(Hold(np.ones(6)), 0) for _ in range(25)]
    stream += [follower.brake() for _ in range(60)]
    assert np.abs(np.diff(stream, axis=0)[-1]).max() == pytest.approx(0.0, abs=1e-12)
    assert excess(np.array(stream), LIMITS, PERIOD_S).max() <= 1.0 + 1e-6


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(-3.0, 3.0), min_size=3, max_size=8),
    st.integers(3, 60),
    st.floats(0.01, 1.0),
    st.floats(0.5, 30.0),
)
def test_limits_hold_for_any_sequence_of_goals(goals, ticks, amplitude, frequency_radps):
    follower = Follower(LIMITS, PERIOD_S)
    follower.place(np.zeros(6))
    stream, now_ns = [follower.value], 0
    for goal in goals:
        for reference in (Hold(np.full(6, goal)), Sine(amplitude, frequency_radps)):
            for _ in range(ticks):
                now_ns += TICK
                stream.append(follower.step(reference, now_ns))
    stream = np.array(stream)
    bounds = (LIMITS.first, LIMITS.second, LIMITS.third)
    for order, bound in enumerate(bounds, start=1):
        difference = np.abs(np.diff(stream, order, axis=0)) / PERIOD_S**order
        assert (difference <= bound / 0.9).all(), (
            f"order {order}: {(difference / bound).max()}"
        )  # the profile's
    assert (stream >= LIMITS.lower - 1e-9).all() and (stream <= LIMITS.upper + 1e-9).all()
