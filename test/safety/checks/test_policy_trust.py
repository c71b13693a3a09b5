"""Trust in the policy: slowed, stopped, and what its silence means."""

import math

import numpy as np
import pytest
from made_snapshots import snapshot
from supervised import Arm

from noetra_ros.core.errors import ConfigError
from noetra_ros.safety.checks.policy_trust import PolicyTrust
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.verdict import Action

CHECK = PolicyTrust(trust_slow_below=0.05, trust_stop_below=0.01, trust_slow_scale=0.3, trust_timeout_s=1.0)
CASES = {
    "at home": (0.5, 0.1, Action.PASS, 1.0),
    "on the slow limit": (0.05, 0.1, Action.PASS, 1.0),
    "below it": (0.049, 0.1, Action.SLOW, 0.3),
    "on the stop limit": (0.01, 0.1, Action.SLOW, 0.3),
    "lost": (0.005, 0.1, Action.STOP, 0.0),
    "NaN": (math.nan, 0.1, Action.STOP, 0.0),
    "more than all": (1.5, 0.1, Action.STOP, 0.0),
    "just young enough": (0.5, 1.0, Action.PASS, 1.0),
    "stale": (0.5, 1.001, Action.STOP, 0.0),
    "missing": (math.nan, math.nan, Action.STOP, 0.0),
}


@pytest.mark.parametrize(("trust", "age_s", "expected", "scale"), CASES.values(), ids=CASES)
def test_table(trust, age_s, expected, scale):
    verdict = CHECK.evaluate(snapshot(policy_trust=trust, policy_trust_age_s=age_s, is_moving=True))
    assert (verdict.action, verdict.scale) == (expected, scale)


@pytest.mark.parametrize(
    "state", [{"is_armed": False, "is_moving": True}, {"is_moving": False, "command": None}]
)
def test_who_stands_may_be_silent(state):
    assert CHECK.evaluate(snapshot(**state)).action is Action.PASS


def test_the_reason_says_how_strange_it_is():
    verdict = CHECK.evaluate(snapshot(policy_trust=0.004, policy_trust_age_s=0.0))
    assert "0.4 % of good episodes" in verdict.reason
    assert (verdict.measured, verdict.limit, verdict.unit) == (0.004, 0.01, "1")


def test_stopping_earlier_than_slowing_is_refused():
    with pytest.raises(ConfigError, match="at most trust_slow_below"):
        PolicyTrust(0.01, 0.05, 0.3, 1.0)


def test_an_arm_whose_policy_never_speaks_of_trust_does_not_twitch():
    """It resumed from its stop every half second, moved for a step or two, and stopped again."""
    arm = Arm(extra={"policy_trust": CHECK})
    arm.start()
    arm.hold((0.5, 0.2), 300)
    assert np.array_equal(np.unique(np.array(arm.sent), axis=0), [[0.0, 0.0]])
    assert arm.supervisor.mode is Mode.PROTECTIVE_STOP
    for _ in range(400):
        arm.supervisor.on_trust(0.9, arm.now_ns)
        arm.step((0.5, 0.2))
    assert arm.sent[-1] == pytest.approx([0.5, 0.2])


def test_the_reasons_give_the_share_in_percent():
    slowed = CHECK.evaluate(snapshot(policy_trust=0.04, policy_trust_age_s=0.0))
    assert slowed.reason == "the policy is not at home here: 4.0 % of good episodes ever look so strange"
    assert (slowed.limit, slowed.subject) == (0.05, "policy")


@pytest.mark.parametrize(
    ("age_s", "told"),
    [(2.0, "the policy's trust is 2.00 s old"), (math.nan, "the policy's trust was never heard")],
)
def test_silence_is_told_with_its_length(age_s, told):
    assert CHECK.evaluate(snapshot(policy_trust=0.5, policy_trust_age_s=age_s)).reason == told


def test_slowing_and_stopping_may_begin_together():
    both = PolicyTrust(0.05, 0.05, 0.3, 1.0)
    assert both.evaluate(snapshot(policy_trust=0.049, policy_trust_age_s=0.0)).action is Action.STOP


def test_its_cause_goes_by_itself_and_does_not_keep_the_robot_from_being_armed():
    assert PolicyTrust.may_be_armed_against is True
