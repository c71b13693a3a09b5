"""Corrections: newer pictures only, bounded, finite, never longer than the policy's own answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_corrections import Told, chunk_at, seen_at

from noetra_ros.policy.correction.correcting import Correcting
from noetra_ros.policy.errors import PolicyError

MS = 1_000_000


def test_without_a_correction_the_rows_ahead_are_those_of_the_policy(correcting, observation):
    chunk = correcting.look(seen_at(observation, 300 * MS))
    assert chunk.stamp_ns == 300 * MS and chunk.start_offset_s == 0.0 and chunk.model == "slow 1 + told 1"
    assert chunk.values[:, 0] == pytest.approx([0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    assert chunk.row_times_ns[-1] == 800 * MS


def test_a_correction_is_added_and_its_last_row_holds_for_all_later_ones(correcting, told, observation):
    told.answer[:, 0] = [0.01, 0.02, 0.03, 0.04]
    chunk = correcting.look(seen_at(observation, 300 * MS))
    assert chunk.values[:, 0] == pytest.approx([0.3, 0.41, 0.52, 0.63, 0.74, 0.84])
    assert chunk.values[:, 1] == pytest.approx([0.3, 0.4, 0.5, 0.6, 0.7, 0.8])


def test_a_correction_is_cut_to_its_limit_and_a_joint_without_one_stays_with_the_policy(
    correcting, told, observation
):
    told.answer[:] = -3.0
    chunk = correcting.look(seen_at(observation, 300 * MS))
    assert chunk.values[1:, 0] == pytest.approx(np.array([0.4, 0.5, 0.6, 0.7, 0.8]) - 0.4)
    assert chunk.values[1:, 5] == pytest.approx([0.4, 0.5, 0.6, 0.7, 0.8])


def test_what_the_corrector_is_usually_wrong_by_is_left_out(observation):
    told = Told(ignore_rad=0.05)
    told.answer[:, 0], told.answer[:, 1] = 0.04, -0.15
    correcting = Correcting(told)
    correcting.follow(chunk_at(0))
    chunk = correcting.look(seen_at(observation, 300 * MS))
    assert chunk.values[1, :2] == pytest.approx([0.4, 0.4 - 0.10])


def test_the_next_correction_goes_on_from_where_the_plan_is(correcting, told, observation):
    told.answer[:, 0] = 0.2
    correcting.look(seen_at(observation, 300 * MS))
    chunk = correcting.look(seen_at(observation, 350 * MS))
    assert told.ahead.planned[0] == pytest.approx(0.45) and told.ahead.base[0, 0] == pytest.approx(0.35)
    assert chunk.values[0, 0] == pytest.approx(0.45)
    assert told.ahead.age_s == pytest.approx(0.35) and told.ahead.left_s == pytest.approx(0.45)


@pytest.mark.parametrize("bad", [np.full((4, 6), np.nan), np.full((4, 6), np.inf), np.zeros((3, 6))])
def test_what_is_not_finite_or_of_another_size_is_refused(correcting, told, observation, bad):
    told.answer = bad
    assert correcting.look(seen_at(observation, 300 * MS)) is None
    assert correcting.refused == 1 and "finite" in correcting.last_reason
    assert correcting.followed.stamp_ns == 0


def test_without_a_newer_picture_there_is_no_correction(correcting, observation):
    assert correcting.look(seen_at(observation, 0)) is None
    assert correcting.look(seen_at(observation, 300 * MS)) is not None
    assert correcting.look(seen_at(observation, 340 * MS, picture_ns=300 * MS)) is None
    assert "no picture newer" in correcting.last_reason


def test_no_correction_reaches_beyond_a_policy_that_has_fallen_silent(correcting, observation):
    chunk = correcting.look(seen_at(observation, 750 * MS))
    assert chunk.values[-1, 0] == pytest.approx(0.8) and len(chunk.values) == 2
    assert correcting.look(seen_at(observation, 800 * MS)) is None
    assert "no row ahead" in correcting.last_reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"instruction": "push the blue cube"}, "wanted is"), ({"names": tuple("abcdef")}, "chunk of")],
)
def test_a_chunk_of_another_sentence_or_robot_is_left_alone(told, observation, changes, words):
    correcting = Correcting(told)
    correcting.follow(replace(chunk_at(0), **changes))
    assert correcting.look(seen_at(observation, 300 * MS)) is None
    assert words in correcting.last_reason


def test_nothing_is_corrected_before_the_first_answer_or_after_it_was_forgotten(
    correcting, told, observation
):
    assert Correcting(told).look(seen_at(observation, 300 * MS)) is None
    correcting.forget()
    assert correcting.look(seen_at(observation, 300 * MS)) is None and correcting.followed is None


def test_an_observation_that_lacks_something_is_a_refusal_and_not_a_crash(correcting, told, observation):
    told.answer = PolicyError("observation lacks camera 'wrist'")
    assert correcting.look(seen_at(observation, 300 * MS)) is None
    assert "wrist" in correcting.last_reason


def test_a_newer_answer_becomes_the_base_and_an_older_one_does_not(correcting, told, observation):
    correcting.look(seen_at(observation, 300 * MS))
    correcting.follow(chunk_at(200 * MS, value=0.5))
    correcting.follow(chunk_at(100 * MS, value=0.9))
    chunk = correcting.look(seen_at(observation, 400 * MS))
    assert chunk.values[:2, 0] == pytest.approx([0.4, 0.5 + 0.3])
