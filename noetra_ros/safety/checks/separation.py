"""Check: every moving link keeps the protective distance from every person (ISO/TS 15066, 5.5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from noetra_ros.safety.check import check_registry
from noetra_ros.safety.judged_separation import (
    NOT_CARRIED,
    Carried,
    Motion,
    SeparationJudgement,
    judge_separation,
)
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.people_settings import SeparationSettings
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.stopping import stopping_table
from noetra_ros.safety.verdict import Action, Verdict, passed

NOT_WATCHED = "watch_people is off: nothing tells where people are"
PASSED: Final = passed("separation")


@dataclass(frozen=True, kw_only=True)
class Separation(SeparationSettings):
    """Slows so that the speed of every link towards every person leaves room for a stop in time; stops where
    the distance does not suffice for the motion under way, or for standing still, and where people or joints
    are not known. What is neither robot nor known thing counts as a person. The motion of a base that is
    gated together with the arm counts as towards everybody. Cannot catch who is not seen, who moves faster
    than assumed, joints that another channel moves, and what the robot carries.
    """

    may_be_armed_against = True  # a person who stands near holds the armed robot, and goes again

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs perception and the links."""
        return "" if limits.body is not None else NOT_WATCHED

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """SLOW to the share of the speed limits that the distance allows, STOP below standing still;
        `details` is a SeparationJudgement.
        """
        body, scene = snapshot.limits.body, snapshot.scene
        if body is None:
            return PASSED
        if scene is None or snapshot.joint_positions is None or snapshot.measured is None:
            return Verdict("separation", Action.STOP, "where people or joints are is not known", 0.0)
        if scene.frame != body.base_frame:
            reason = f"people are told in the frame {scene.frame!r}, expected {body.base_frame!r}"
            return Verdict("separation", Action.STOP, reason, 0.0)
        proximity = body.measure(scene, snapshot.joint_positions)
        if proximity.is_empty:
            return PASSED
        reaction_s = snapshot.scene_age_s + proximity.lag_s + snapshot.cycle_s + self.controller_latency_s
        table = stopping_table(snapshot.limits)
        carried = carried_by_base(snapshot)
        return _verdict(judge_separation(proximity, _motion(snapshot), reaction_s, table, self, carried))


def _motion(snapshot: Snapshot) -> Motion:
    """What the robot does now, relative to where it is measured."""
    sent = np.array(snapshot.sent)
    measured = np.array(snapshot.measured)
    rest = np.array(snapshot.stop_rest()) if snapshot.stop_rest is not None else sent
    if not (snapshot.is_armed or snapshot.is_moving):  # nothing is sent: what was last sent is history
        sent = rest = measured
    speeds = np.abs(snapshot.sent_velocity) / np.maximum(snapshot.limits.each_velocity, 1e-12)
    return Motion(
        snapshot.sent_velocity,
        tuple((sent - measured).tolist()),
        tuple((rest - measured).tolist()),
        float(speeds.max()),
    )


def carried_by_base(snapshot: Snapshot) -> Carried:
    """What the base adds by its own motion, as last sent: any point of the robot goes no faster than the base
    and its turning at the farthest reach. It brakes at its limits: v / a + a / j, taken at full speed.
    """
    together, others, body = snapshot.limits.together, snapshot.others, snapshot.limits.body
    if together is None or together.carrier is None or body is None or snapshot.joint_positions is None:
        return NOT_CARRIED
    if others is None:  # nothing is known of it: as fast as it may be
        vx, vy, wz = together.carrier.linear_mps, together.carrier.lateral_mps, together.carrier.angular_radps
    else:
        vx, vy, wz = others.twist
    base = together.carrier
    reach_m = body.capsules.reach_m(snapshot.joint_positions)
    ahead, turning = float(np.hypot(vx, vy)), abs(wz)
    if ahead == turning == 0.0:
        return NOT_CARRIED
    ahead_s = ahead / base.linear_mps2 + base.linear_mps2 / base.linear_mps3
    turning_s = turning / base.angular_radps2 + base.angular_radps2 / base.angular_radps3
    speed = ahead + reach_m * turning
    stop_s = max(ahead_s if ahead else 0.0, turning_s if turning else 0.0)
    return Carried(speed, stop_s, speed * stop_s)


def _verdict(judged: SeparationJudgement) -> Verdict:
    required_m = float(judged.terms.total_m)
    pair = f"{judged.link} is {judged.distance_m:.2f} m from person {judged.track_id}"
    numbers = (judged.link, judged.distance_m, required_m, "m", judged)
    if judged.share < 0.0 or not judged.is_kept:
        return Verdict("separation", Action.STOP, f"{pair}, {required_m:.2f} m are needed", 0.0, *numbers)
    if judged.share < 1.0:
        reason = f"{pair}: {judged.share:.0%} of the speed limits are left"
        return Verdict("separation", Action.SLOW, reason, judged.share, *numbers)
    return Verdict("separation", Action.PASS, "", 1.0, *numbers)


check_registry.register("separation")(Separation)
