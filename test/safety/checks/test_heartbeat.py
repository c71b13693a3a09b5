import math

import pytest
from made_snapshots import TWO_JOINTS, snapshot

from noetra_ros.safety.checks.heartbeat import Heartbeat
from noetra_ros.safety.verdict import Action

CHECK = Heartbeat(heartbeat_sources=("policy", "streamer"), heartbeat_timeout_s=0.25)
CASES = {
    "both": ({"policy": 0.05, "streamer": 0.05}, Action.PASS, ""),
    "on the limit": ({"policy": 0.25, "streamer": 0.0}, Action.PASS, ""),
    "stale": ({"policy": 0.05, "streamer": 0.251}, Action.STOP, "streamer"),
    "NaN": ({"policy": math.nan, "streamer": 0.05}, Action.STOP, "policy"),
    "missing": ({"policy": 0.05}, Action.STOP, "streamer"),
    "another one": ({"policy": 0.05, "stranger": 0.05}, Action.STOP, "streamer"),
}


@pytest.mark.parametrize(("ages_s", "expected", "subject"), CASES.values(), ids=CASES)
def test_table(ages_s, expected, subject):
    verdict = CHECK.evaluate(snapshot(heartbeat_age_s=ages_s))
    assert (verdict.action, verdict.subject) == (expected, subject)


def test_without_sources_it_is_left_out():
    assert "no source" in Heartbeat((), 0.25).unmet(TWO_JOINTS)
    assert CHECK.unmet(TWO_JOINTS) == ""


@pytest.mark.parametrize(
    ("age_s", "told"), [(0.3, "policy was not heard for 0.300 s"), (math.nan, "policy was never heard")]
)
def test_tells_how_long_ago(age_s, told):
    verdict = CHECK.evaluate(snapshot(heartbeat_age_s={"policy": age_s, "streamer": 0.0}))
    assert verdict.reason == f"{told}, limit 0.25 s"
