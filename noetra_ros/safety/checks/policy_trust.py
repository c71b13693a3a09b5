"""Check: the policy is as much at home in what it sees and says as in good episodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.core.config import setting
from noetra_ros.core.errors import single_fault
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("policy_trust")


@dataclass(frozen=True)
class PolicyTrust:
    """Slows below `trust_slow_below`, stops below `trust_stop_below`: shares of good episodes that ever look
    as strange, so these are the shares of good episodes that are slowed and stopped for nothing. While the
    robot moves it stops for a policy that does not say, or has not for `trust_timeout_s`. Cannot catch a
    policy that is wrong in a familiar scene, nor one that has no calibration of its own.
    """

    trust_slow_below: float = setting("1", "slow below this trust", minimum=0.0, maximum=1.0)
    trust_stop_below: float = setting("1", "stop below this trust", minimum=0.0, maximum=1.0)
    trust_slow_scale: float = setting("1", "share of the speed limits while slowed", minimum=0.0, maximum=1.0)
    trust_timeout_s: float = setting("s", "trust older than this counts as none", minimum=0.01, maximum=60.0)

    # Its cause goes only when the policy runs, which it does not before the robot is armed.
    may_be_armed_against = True

    def __post_init__(self) -> None:
        if self.trust_stop_below > self.trust_slow_below:
            expected = f"at most trust_slow_below, {self.trust_slow_below}"
            raise single_fault("policy_trust", "trust_stop_below", self.trust_stop_below, expected)

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """STOP without trust while moving or commanded; SLOW or STOP by what it is."""
        trust, age_s = snapshot.policy_trust, snapshot.policy_trust_age_s
        if not snapshot.is_armed:
            return PASSED
        if not age_s <= self.trust_timeout_s:  # NaN fails this comparison too
            return self._silent(snapshot, age_s)
        if not 0.0 <= trust <= 1.0:
            return _stop(f"the policy's trust is {trust:g}, expected 0..1", trust, self.trust_stop_below)
        if trust < self.trust_stop_below:
            share = f"{100.0 * trust:.1f} % of good episodes"
            reason = f"the policy is lost: only {share} ever look so strange"
            return _stop(reason, trust, self.trust_stop_below)
        if trust < self.trust_slow_below:
            share = f"{100.0 * trust:.1f} % of good episodes"
            reason = f"the policy is not at home here: {share} ever look so strange"
            limit, scale = self.trust_slow_below, self.trust_slow_scale
            return Verdict("policy_trust", Action.SLOW, reason, scale, "policy", trust, limit, "1")
        return PASSED

    def _silent(self, snapshot: Snapshot, age_s: float) -> Verdict:
        # A command alone is enough: else the robot would twitch with each resume from the stop.
        if not snapshot.is_moving and snapshot.command is None:
            return PASSED
        words = "was never heard" if age_s != age_s else f"is {age_s:.2f} s old"
        reason = f"the policy's trust {words}"
        return Verdict("policy_trust", Action.STOP, reason, 0.0, "policy", age_s, self.trust_timeout_s, "s")


def _stop(reason: str, measured: float, limit: float) -> Verdict:
    return Verdict("policy_trust", Action.STOP, reason, 0.0, "policy", measured, limit, "1")


check_registry.register("policy_trust")(PolicyTrust)
