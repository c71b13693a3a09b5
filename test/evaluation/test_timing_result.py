"""Idle frames, reaction and jumps at seams from traces whose answers are known."""

import numpy as np
import pytest

from noetra_ros.evaluation.plan import plan_episodes
from noetra_ros.evaluation.timed_loop import Condition, TimedTrace
from noetra_ros.evaluation.timing_result import (
    episode_numbers,
    paired_time_ratio,
    reaction_times_s,
    seam_jumps,
    summary,
)
from noetra_ros.streaming.streamer import StreamState

S = 1_000_000_000
PLAN = plan_episodes(["reach"], 1, 1, "train")[0]
HOLDING, FOLLOWING, RUN_OUT = StreamState.HOLDING, StreamState.FOLLOWING, StreamState.RUN_OUT


def trace(states, succeeded=True, time_s=2.0):
    made = TimedTrace(succeeded=succeeded, time_s=time_s, states=states, splices=[1])
    made.setpoints = made.planned = [np.zeros(2)] * len(states)
    return made


def test_idle_frames_are_counted_from_the_first_chunk_on():
    found = episode_numbers(PLAN, trace([HOLDING] * 2 + [FOLLOWING] * 6 + [RUN_OUT] * 2), 0.01)
    assert (found.idle_share, found.start_idle_s) == (0.25, 0.02)


def test_reaction_to_an_event_between_two_pictures_counts_from_the_event():
    # pictures every 0.2 s, each acted on 0.3 s later: 0.3 s for an event just before one, 0.5 s just after
    seen = [(k * S // 5, k * S // 5 + 3 * S // 10) for k in range(5)]
    assert reaction_times_s(seen) == pytest.approx((0.4, 0.5))
    assert np.isnan(reaction_times_s(seen[:1])).all()


def test_a_jump_of_the_acceleration_is_found_at_its_seam():
    time_s = np.arange(100) * 0.01
    setpoints = np.stack([0.5 * 3.0 * np.maximum(time_s - 0.505, 0.0) ** 2, np.zeros(100)], axis=1)
    jumps = seam_jumps(setpoints, [20, 50], 0.01, ticks=3)
    assert jumps[0] == pytest.approx(0.0, abs=1e-9)
    assert 1.5 < jumps[1] <= 3.0 + 1e-9  # 3 rad/s2 between two ticks, sampled


def test_time_is_compared_over_episodes_that_succeeded_in_both():
    def episode(index, is_success, time_s):
        made = episode_numbers(PLAN, trace([FOLLOWING] * 4, is_success, time_s), 0.01)
        return type(made)(**{**vars(made), "index": index})

    of = [episode(0, True, 3.0), episode(1, True, 9.0), episode(2, False, 1.0)]
    against = [episode(0, True, 6.0), episode(1, False, 9.0), episode(2, True, 9.0)]
    assert paired_time_ratio(of, against) == (0.5, 1)


def test_a_summary_names_its_condition():
    numbers = summary(
        Condition(0.2, "synchronous", 0.2), [episode_numbers(PLAN, trace([FOLLOWING] * 4), 0.01)]
    )
    assert (numbers["condition"], numbers["successes"], numbers["idle_share"]) == (
        "synchronous 0.2 s",
        1,
        0.0,
    )
