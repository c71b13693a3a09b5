import dataclasses

import pytest
from made_snapshots import TWIST, snapshot, wanting

from noetra_ros.safety.checks.jerk import Jerk
from noetra_ros.safety.verdict import Action

CASES = {
    "still": ((0.5, -0.5), Action.PASS),
    "on the limit": ((0.501, -0.5), Action.PASS),  # 1000 rad/s3 over 0.01 s three times
    "above": ((0.50101, -0.5), Action.CLAMP),
    "below minus": ((0.5, -0.50101), Action.CLAMP),
}


@pytest.mark.parametrize(("wanted", "expected"), CASES.values(), ids=CASES)
def test_table(wanted, expected):
    assert Jerk().evaluate(wanting(*wanted)).action is expected


def test_the_end_of_an_acceleration_counts_too():
    pushed = snapshot(sent_acceleration=(0.0, 20.0))
    verdict = Jerk().evaluate(pushed)
    assert (verdict.subject, verdict.limit, verdict.unit) == ("elbow", 1000.0, "rad/s3")
    assert verdict.measured == pytest.approx(2000.0)


def test_nothing_to_judge_without_a_usable_command():
    assert Jerk().evaluate(snapshot(wanted=None)).action is Action.PASS


@pytest.mark.parametrize(("vx", "expected"), [(0.008, Action.PASS), (0.0081, Action.CLAMP)])
def test_twists(vx, expected):
    rest = {"sent": (0.0, 0.0, 0.0), "sent_velocity": (0.0, 0.0, 0.0), "sent_acceleration": (0.0, 0.0, 0.0)}
    assert Jerk().evaluate(wanting(vx, 0.0, 0.0, limits=TWIST, **rest)).action is expected


@pytest.mark.parametrize(("over", "expected"), [(0.5e-6, Action.PASS), (1.8e-6, Action.CLAMP)])
def test_rounding_is_forgiven_and_no_more(over, expected):
    """A millionth of a rad/s3, and a billionth of the limit."""
    limits = dataclasses.replace(snapshot().limits, period_s=1.0)
    small = tuple(dataclasses.replace(axis, jerk=1e-3) for axis in limits.axes)
    limits = dataclasses.replace(limits, axes=small)
    asked = (1e-3 + over, 0.0)
    still = {"sent": (0.0, 0.0), "measured": (0.0, 0.0)}
    assert Jerk().evaluate(wanting(*asked, limits=limits, **still)).action is expected
