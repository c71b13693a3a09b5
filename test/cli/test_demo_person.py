"""What the demo holds the visit against: the first answer to the person, and to nothing else."""

import pytest

from noetra_ros.cli.demo_person import first_answer
from noetra_ros.evaluation.records import SafetyEventRecord


def event(time_s, check, action):
    return SafetyEventRecord(time_s, check, action, "", 0.0, 0.0, "m", "why", "active", 1)


@pytest.mark.parametrize(
    ("events", "first"),
    [
        ([("separation", "slow"), ("separation", "stop")], "slow"),
        ([("separation", "stop"), ("separation", "slow")], "stop"),
        ([("stale", "stop"), ("limiter", "slow"), ("separation", "slow")], "slow"),
        ([("stale", "stop"), ("separation", "pass")], "neither"),
        ([], "neither"),
    ],
)
def test_only_what_was_done_about_people_counts(events, first):
    told = [event(2.0 + i, check, action) for i, (check, action) in enumerate(events)]
    assert first_answer(told, 1.0) == first


def test_what_was_before_the_sentence_does_not_count():
    assert first_answer([event(0.5, "separation", "stop"), event(3.0, "force_limit", "slow")], 1.0) == "slow"
