import pytest
from made_snapshots import TWIST, snapshot, wanting

from noetra_ros.safety.checks.velocity import Velocity
from noetra_ros.safety.verdict import Action

CASES = {
    "still": ((0.5, -0.5), Action.PASS),
    "on the limit": ((0.52, -0.5), Action.PASS),
    "above": ((0.5201, -0.5), Action.CLAMP),
    "above, backwards": ((0.5, -0.6), Action.CLAMP),
}


@pytest.mark.parametrize(("wanted", "expected"), CASES.values(), ids=CASES)
def test_table(wanted, expected):
    assert Velocity().evaluate(wanting(*wanted)).action is expected


def test_nothing_to_judge_without_a_usable_command():
    assert Velocity().evaluate(snapshot(wanted=None)).action is Action.PASS


def test_tells_speed_and_limit():
    verdict = Velocity().evaluate(wanting(0.5, -0.6))
    assert verdict.subject == "elbow"
    assert verdict.measured == pytest.approx(10.0)
    assert (verdict.limit, verdict.unit) == (2.0, "rad/s")


@pytest.mark.parametrize(
    ("twist", "expected"),
    [((0.6, 0.0, -1.5), Action.PASS), ((0.61, 0.0, 0.0), Action.CLAMP), ((0.0, 0.01, 0.0), Action.CLAMP)],
)
def test_twists_are_judged_as_they_are(twist, expected):
    still = (0.0, 0.0, 0.0)
    rest = {"limits": TWIST, "sent": still, "sent_velocity": still, "sent_acceleration": still}
    assert Velocity().evaluate(wanting(*twist, **rest)).action is expected
