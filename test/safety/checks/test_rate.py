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


@pytest.mark.parametrize(("over_s", "expected"), [(0.5e-9, Action.PASS), (1.5e-9, Action.CLAMP)])
def test_rounding_is_forgiven_and_no_more(over_s, expected):
    assert CHECK.evaluate(snapshot(lead_s=0.015 + over_s)).action is expected


def test_tells_the_rate_of_the_channel():
    assert "limit 0.0150 s (100 Hz): this one is refused" in CHECK.evaluate(snapshot(lead_s=0.05)).reason
