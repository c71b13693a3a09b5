import pytest
from made_snapshots import TWIST, snapshot, wanting

from noetra_ros.safety.checks.acceleration import Acceleration
from noetra_ros.safety.verdict import Action

CASES = {
    "still": ((0.5, -0.5), Action.PASS),
    "on the limit": ((0.502, -0.5), Action.PASS),  # 20 rad/s2 over 0.01 s twice
    "above": ((0.5021, -0.5), Action.CLAMP),
    "below minus": ((0.5, -0.5021), Action.CLAMP),
}


@pytest.mark.parametrize(("wanted", "expected"), CASES.values(), ids=CASES)
def test_table(wanted, expected):
    assert Acceleration().evaluate(wanting(*wanted)).action is expected


def test_braking_counts_too():
    fast = snapshot(sent_velocity=(1.0, 0.0))
    verdict = Acceleration().evaluate(fast)
    assert (verdict.subject, verdict.unit) == ("shoulder", "rad/s2")
    assert verdict.measured == pytest.approx(100.0)


def test_nothing_to_judge_without_a_usable_command():
    assert Acceleration().evaluate(snapshot(wanted=None)).action is Action.PASS


@pytest.mark.parametrize(("vx", "expected"), [(0.02, Action.PASS), (0.021, Action.CLAMP)])
def test_twists(vx, expected):
    still = (0.0, 0.0, 0.0)
    rest = {"limits": TWIST, "sent": still, "sent_velocity": still, "sent_acceleration": still}
    assert Acceleration().evaluate(wanting(vx, 0.0, 0.0, **rest)).action is expected
