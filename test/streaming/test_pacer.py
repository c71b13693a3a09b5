"""Even tick times from jittering and coarse clocks."""

import numpy as np

from noetra_ros.streaming.pacer import Pacer

PERIOD = 10_000_000


def run(clock_ns, count=3000):
    pacer = Pacer(PERIOD)
    return np.array([pacer.tick(clock_ns(k)) for k in range(count)])


def test_an_even_clock_is_kept():
    ticks = run(lambda k: k * PERIOD)
    assert (np.diff(ticks) == PERIOD).all()


def test_coarse_simulated_time_gives_even_ticks():
    rng = np.random.default_rng(0)
    ticks = run(lambda k: int(k * PERIOD + rng.normal(0, 300_000)) // PERIOD * PERIOD)
    steps = np.diff(ticks)[1000:]
    assert np.abs(steps - PERIOD).max() < 0.01 * PERIOD
    assert abs(ticks[-1] - 3000 * PERIOD) < 2 * PERIOD


def test_a_slower_clock_is_followed():
    ticks = run(lambda k: int(k * PERIOD * 0.9))
    assert abs(np.diff(ticks)[2000:].mean() / PERIOD - 0.9) < 0.002
    assert abs(ticks[-1] - 2999 * PERIOD * 0.9) < PERIOD


def test_a_jump_of_the_clock_is_taken_at_once():
    pacer = Pacer(PERIOD)
    pacer.tick(0)
    assert pacer.tick(5_000_000_000) == 5_000_000_000
    assert pacer.tick(1_000) == 1_000


def test_stretching_is_bounded():
    pacer = Pacer(PERIOD)
    last = pacer.tick(0)
    for _ in range(200):
        tick = pacer.tick(last + PERIOD + 150_000_000)
        assert tick - last <= 1.2 * PERIOD + 1
        last = tick
