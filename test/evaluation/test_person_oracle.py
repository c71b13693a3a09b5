"""What the oracle says of touches, distances and of the time lost for a person."""

import math

import numpy as np
import pytest

from noetra_ros.evaluation.person_oracle import judge_person, time_in
from noetra_ros.evaluation.person_trace import PersonTrace, TouchRecord

LIMITS = {"hand": 0.5, "skull": 0.0}
MODES = ((0.0, "standby"), (1.0, "active"), (2.0, "slowed"), (3.0, "protective_stop"), (5.0, "active"))


def touch(speed_mps, region="hand"):
    return TouchRecord(1.5, 1.6, 0.0, 0.0, speed_mps, "gripper", "left_hand", region)


def person(*touches):
    return PersonTrace(
        "reach", ("left_hand",), ("hand",), np.array([0.05]), np.zeros(0), np.zeros((0, 1, 2, 3)),
        np.array([math.inf, 0.4, 0.2]), touches,
    )  # fmt: skip


def judged(*touches):
    return judge_person(person(*touches), LIMITS, MODES, 1.0, 6.0)


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        (touch(0.4), (1, 1, 0)),
        (touch(0.5), (1, 1, 0)),
        (touch(0.51), (1, 1, 1)),
        (touch(0.0), (1, 0, 0)),
        (touch(-0.3), (1, 0, 0)),
        (touch(0.01, "skull"), (1, 1, 1)),
        (touch(0.01, "a region without a limit"), (1, 1, 1)),
        (touch(math.nan), (1, 0, 1)),
    ],
)
def test_touches_are_counted_by_how_fast_the_link_was(found, counts):
    verdict = judged(found)
    assert (verdict.contacts, verdict.contacts_moving, verdict.contacts_too_fast) == counts


def test_time_lost_is_that_between_sentence_and_end():
    verdict = judged()
    assert (verdict.running_s, verdict.slowed_s, verdict.stopped_s) == (5.0, 1.0, 2.0)
    assert time_in(MODES, ("active",), 1.5, 5.5) == pytest.approx(1.0)
    assert (verdict.nearest_m, verdict.fastest_contact_mps) == (0.2, 0.0)


def test_without_anyone_only_time_counts():
    verdict = judge_person(None, LIMITS, MODES, 1.0, 6.0)
    assert (verdict.kind, verdict.contacts, verdict.nearest_m) == ("", 0, math.inf)
    assert verdict.slowed_s == 1.0
