import pytest
from made_snapshots import snapshot

from noetra_ros.safety.checks.rate import Rate
from noetra_ros.safety.verdict import Action

CHECK = Rate(max_lead_periods=1.5)
CASES = {
    "on time": (0.0, Action.PASS),
    "on the limit": (0.015, Action.PASS),
    "ahead": (0.0151, Action.CLAMP),
}


@pytest.mark.parametrize(("lead_s", "expected"), CASES.values(), ids=CASES)
def test_table(lead_s, expected):
    verdict = CHECK.evaluate(snapshot(lead_s=lead_s))
    assert verdict.action is expected
    assert verdict.scale == (0.0 if expected is Action.CLAMP else 1.0)


def test_a_tick_has_no_rate():
    assert CHECK.evaluate(snapshot(command=None, lead_s=1.0)).action is Action.PASS
