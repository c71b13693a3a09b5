"""A new model takes over with its first chunk, is kept after three, and is left at its first failure."""

import pytest

from noetra_ros.policy.swap_trial import PROBATION_CHUNKS, SILENCE_LIMIT_S, Step, SwapTrial


def after(chunks):
    trial = SwapTrial(0.0)
    steps = [trial.on_chunk(float(k)) for k in range(chunks)]
    return trial, steps


def test_the_first_chunk_takes_over_and_the_third_settles():
    assert after(3)[1] == [Step.TAKE_OVER, Step.NOTHING, Step.SETTLE] and PROBATION_CHUNKS == 3


@pytest.mark.parametrize(("chunks", "step"), [(0, Step.DROP), (1, Step.GO_BACK), (2, Step.GO_BACK)])
def test_a_failure_leaves_the_running_model_or_goes_back_to_it(chunks, step):
    assert after(chunks)[0].on_failure() is step


@pytest.mark.parametrize(("chunks", "step"), [(0, Step.DROP), (2, Step.GO_BACK)])
def test_silence_is_a_failure(chunks, step):
    trial = after(chunks)[0]
    heard_s = max(chunks - 1, 0)
    assert trial.on_watch(heard_s + SILENCE_LIMIT_S, is_wanted=True) is Step.NOTHING
    assert trial.on_watch(heard_s + SILENCE_LIMIT_S + 0.1, is_wanted=True) is step


def test_without_a_sentence_it_takes_over_at_once():
    trial = after(0)[0]
    assert trial.on_watch(0.1, is_wanted=False) is Step.SETTLE and trial.has_taken_over
