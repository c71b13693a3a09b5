import math

import pytest
from made_snapshots import TWO_JOINTS, snapshot

from noetra_ros.safety.checks.estop_chain import EstopChain
from noetra_ros.safety.verdict import Action

CHECK = EstopChain(estop_sources=("topic:/line", "file:/gpio"), estop_timeout_s=0.25)
CASES = {
    "both": ({"topic:/line": 0.05, "file:/gpio": 0.02}, Action.PASS, ""),
    "on the limit": ({"topic:/line": 0.25, "file:/gpio": 0.0}, Action.PASS, ""),
    "a cut wire": ({"topic:/line": 0.05, "file:/gpio": 0.251}, Action.ESTOP, "file:/gpio"),
    "never heard": ({"topic:/line": 0.05}, Action.STOP, "file:/gpio"),
    "NaN": ({"topic:/line": math.nan, "file:/gpio": 0.0}, Action.STOP, "topic:/line"),
    "the worse of two": ({"file:/gpio": 9.0}, Action.ESTOP, "file:/gpio"),
    "another one": ({"topic:/line": 0.05, "topic:/other": 0.05}, Action.STOP, "file:/gpio"),
}


@pytest.mark.parametrize(("ages_s", "expected", "subject"), CASES.values(), ids=CASES)
def test_table(ages_s, expected, subject):
    verdict = CHECK.evaluate(snapshot(estop_age_s=ages_s))
    assert (verdict.action, verdict.subject) == (expected, subject)


def test_without_sources_it_is_left_out():
    assert "no source" in EstopChain((), 0.25).unmet(TWO_JOINTS)
    assert CHECK.unmet(TWO_JOINTS) == ""


@pytest.mark.parametrize("ages_s", [{}, {"topic:/line": 9.0, "file:/gpio": 9.0}])
def test_of_two_alike_the_first_is_named(ages_s):
    assert CHECK.evaluate(snapshot(estop_age_s=ages_s)).subject == "topic:/line"


def test_a_cut_wire_is_not_made_light_of_by_one_that_was_never_there():
    """The first source falls silent while armed, the second was never heard: it is the emergency stop."""
    verdict = CHECK.evaluate(snapshot(estop_age_s={"topic:/line": 0.3}))
    assert (verdict.action, verdict.subject, verdict.measured) == (Action.ESTOP, "topic:/line", 0.3)
    assert verdict.reason == "emergency stop topic:/line was not heard for 0.300 s, limit 0.25 s"


def test_one_that_was_never_heard_is_told_as_silent():
    assert CHECK.evaluate(snapshot(estop_age_s={})).reason == "emergency stop topic:/line is silent"
