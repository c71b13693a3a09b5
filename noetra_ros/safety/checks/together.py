"""Check: a channel stops with those that are gated with it, and moves only while they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

NAME = "together"
PASSED: Final = passed(NAME)


@dataclass(frozen=True, kw_only=True)
class TogetherCheck:
    """Stops when another channel of the profile's `together` has to stop; slows with it; holds this one at
    rest while another moves or has not rested for `rest_s`, and a base while the arm is not stowed. Stops
    where nothing is known of the others. Cannot catch a robot that still moves `rest_s` after its commands
    came to rest, and a base that is pushed.
    """

    may_be_armed_against = True  # each channel answers for its own causes; this one only goes along

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs channels that are gated together."""
        return "" if limits.together is not None else "no other channel is gated with this one"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """STOP and SLOW with the others, CLAMP to rest while they move."""
        others, together = snapshot.others, snapshot.limits.together
        if together is None:
            return PASSED
        if others is None:
            return Verdict(NAME, Action.STOP, "nothing is known of the channels that are gated with this one")
        if others.stop:
            return Verdict(NAME, Action.STOP, f"stops with {others.stop}", 0.0)
        if asks_for_motion(snapshot):
            if others.moving:
                reason = f"stands while {others.moving} moves, and {together.rest_s:g} s after"
                return Verdict(NAME, Action.CLAMP, reason, 0.0)
            if (verdict := _unstowed(snapshot)) is not None:
                return verdict
        if others.scale < 1.0:
            reason = f"goes at {others.scale:.0%} with what is gated with it"
            return Verdict(NAME, Action.SLOW, reason, others.scale)
        return PASSED


def asks_for_motion(snapshot: Snapshot) -> bool:
    """What would be sent is no rest."""
    proposed = snapshot.proposed
    if proposed is None:
        return False
    if snapshot.limits.is_position:
        return proposed != snapshot.sent or any(speed != 0.0 for speed in snapshot.sent_velocity)
    return any(value != 0.0 for value in proposed)


def _unstowed(snapshot: Snapshot) -> Verdict | None:
    """Why a base may not drive; None = it may."""
    together = snapshot.limits.together
    if together is None or not together.stowed:
        return None
    if snapshot.joint_positions is None:
        return Verdict(NAME, Action.STOP, "where the arm is is not known", 0.0)
    for joint in together.stowed:
        away = abs(float(snapshot.joint_positions[joint.column]) - joint.position)
        if not away <= together.stowed_within:
            reason = f"the base stands: {joint.name} is {away:.3f} rad from where it is stowed"
            numbers = (joint.name, away, together.stowed_within, "rad")
            return Verdict(NAME, Action.CLAMP, reason, 0.0, *numbers)
    return None


check_registry.register(NAME)(TogetherCheck)
