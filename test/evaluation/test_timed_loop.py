"""Latency in simulated time: the same numbers every time, and what latency and waiting do to a task."""

import numpy as np
import pytest

from noetra_ros.evaluation.plan import plan_episodes
from noetra_ros.evaluation.timed_loop import Condition, TimedLoop
from noetra_ros.evaluation.timing_result import episode_numbers
from noetra_ros.robots.profile import load_robot

PLAN = plan_episodes(["reach"], 1, 3, "train")[0]


@pytest.fixture(scope="module")
def loop():
    made = TimedLoop(load_robot("so101"), "scripted", "eval")
    yield made
    made.world.close()


def run(loop, **condition):
    trace = loop.run(PLAN, Condition(**condition))
    assert trace.succeeded
    return trace, episode_numbers(PLAN, trace, loop.period_s)


def test_a_seed_repeats_bit_for_bit(loop):
    first, second = (run(loop, latency_s=0.2)[0] for _ in range(2))
    assert np.array_equal(first.setpoints, second.setpoints)
    since = second.seen[0][0] - first.seen[0][0]  # simulated time never goes back
    assert [(a + since, b + since) for a, b in first.seen] == second.seen


def test_nothing_is_followed_before_the_latency_is_over(loop):
    trace, numbers = run(loop, latency_s=0.2)
    assert {moved - stamp for stamp, moved in trace.seen} == {210_000_000}  # and the tick after it
    assert numbers.start_idle_s == pytest.approx(0.21)
    assert numbers.idle_share == 0.0


def test_a_robot_that_waits_is_idle_and_slower(loop):
    _, moving = run(loop, latency_s=0.2)
    _, waiting = run(loop, latency_s=0.2, execution="synchronous", execute_s=0.2)
    assert waiting.idle_share > 0.4
    assert moving.time_s < 0.9 * waiting.time_s
    assert moving.reaction_mean_s < waiting.reaction_mean_s


def test_real_time_chunking_falls_back_beyond_its_envelope(loop):
    trace, _ = run(loop, latency_s=0.6, splice="rtc")
    assert "rtc" not in dict(list(trace.used.items())[1:]) and trace.used["blend"] >= 2
