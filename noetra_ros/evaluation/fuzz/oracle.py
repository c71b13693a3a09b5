"""The oracle: judges what the safety core let through, by formulas of its own.

Shares no code with safety/, on purpose: limits come from the robot profile and the YAML, kinematics from the
URDF's XML, the protective distance from the standard. A bound is taken where the core may choose among
several right answers (how long a stop takes), so that nothing right is refused; what is judged exactly and
what by such a bound is said at each rule.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from noetra_ros.evaluation.fuzz.bounds import Bounds
from noetra_ros.evaluation.fuzz.causes import is_chain_cut, stop_causes
from noetra_ros.evaluation.fuzz.chain import Chain
from noetra_ros.evaluation.fuzz.explained import judge_causes_told, judge_commands_told, judge_harmless
from noetra_ros.evaluation.fuzz.finding import Finding
from noetra_ros.evaluation.fuzz.hand import judge_grip, judge_length, judge_way
from noetra_ros.evaluation.fuzz.order import judge_modes, judge_stops, last_sent
from noetra_ros.evaluation.fuzz.paths import judge_trajectories
from noetra_ros.evaluation.fuzz.people import Body
from noetra_ros.evaluation.fuzz.record import Call, Record
from noetra_ros.evaluation.fuzz.room import gaps_m, is_unhindered, judge_room
from noetra_ros.evaluation.fuzz.setpoints import (
    Setpoints,
    judge_pace,
    judge_positions,
    judge_rates,
    setpoints_of,
)
from noetra_ros.evaluation.fuzz.shares import (
    judge_speed,
    people_around,
    perception_alone,
    sent_speed,
    slow_shares,
)
from noetra_ros.evaluation.fuzz.tool import beyond_boxes, judge_boxes, judge_tool_speed, tool_chain, tools_at

BOX_MARGIN_M = 0.15


class Oracle:
    """Judges episodes of one channel with one set of thresholds.

    Args:
        bounds: of the channel.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._chain: Chain | None = tool_chain(bounds)
        self._body = Body(bounds) if bounds.settings["watch_people"] else None

    def judge(self, record: Record) -> list[Finding]:
        """All rules that an episode breaks, in order of rows."""
        bounds = self.bounds
        motions = setpoints_of(record, bounds)
        velocity, _ = last_sent(record, bounds, motions)
        before = np.concatenate([velocity[:1] * 0.0, velocity[:-1]])
        causes = stop_causes(record, bounds, sent_speed(record, bounds, before))
        shares = slow_shares(record, bounds, self._chain)
        if self._body is not None:
            around = people_around(record, bounds, self._body, before)
            causes |= around.causes
            shares |= {f"{name} of people": share for name, share in around.shares.items()}
        if bounds.settings["watch_obstacles"]:
            around = perception_alone(record, bounds)
            causes |= around.causes
            shares |= around.shares
        found = judge_modes(record, bounds, causes, is_chain_cut(record, bounds))
        found += judge_stops(record, bounds, motions) + judge_pace(record, bounds)
        found += judge_causes_told(record, causes) + judge_commands_told(record, bounds, motions)
        found += judge_speed(record, bounds, motions, shares)
        found += judge_trajectories(record, bounds, motions)
        for motion in motions:
            found += judge_rates(motion, bounds) + self._judge_places(record, motion)
        is_free = np.all([share >= 1.0 for share in shares.values()], axis=0) & (record.scale >= 1.0)
        gaps = gaps_m(record, bounds)
        found += judge_room(record, bounds, gaps)
        is_free &= self._is_far_from_walls(record) & is_unhindered(record, bounds, gaps)
        found += judge_grip(record, bounds)
        if bounds.is_tool_twist and self._chain is not None:
            found += judge_way(record, bounds, self._chain)
        found += judge_harmless(record, bounds, motions, is_free)
        return sorted(found, key=lambda finding: finding.row)

    def _judge_places(self, record: Record, motion: Setpoints) -> list[Finding]:
        bounds = self.bounds
        if not bounds.is_position:
            return judge_length(motion, bounds) if bounds.is_tool_twist else []
        joints_at = record.last(record.call == Call.JOINTS)
        arm = record.last((record.call == Call.ARM) & ~record.is_refused)[motion.rows[0]]
        start = record.joints[joints_at[arm]]
        found = judge_positions(motion, bounds, start[list(bounds.joints_at)])
        if self._chain is not None:
            postures = np.concatenate([start[np.newaxis], record.joints[joints_at[motion.rows]]])
            postures[1:, list(bounds.joints_at)] = motion.position
            found += judge_boxes(motion, bounds, self._chain, postures)
            found += judge_tool_speed(motion, bounds, self._chain, postures)
        return found

    def _is_far_from_walls(self, record: Record) -> np.ndarray:
        """(n,) bool: the tool of each command is far inside the box: no stop from there leaves it."""
        if self._chain is None:
            return np.ones(len(record.call), dtype=bool)
        postures = record.joints[record.last(record.call == Call.JOINTS)].copy()
        if self.bounds.joints_at:
            postures[:, list(self.bounds.joints_at)] = record.wanted
        points_m = tools_at(self._chain, self.bounds, np.nan_to_num(postures))
        return np.asarray(beyond_boxes(points_m, self._smaller()).max(axis=0) <= 0.0)

    def _smaller(self) -> Bounds:
        """The same with the walls nearer."""
        smaller = []
        for box in self.bounds.boxes:
            lower = tuple(x + BOX_MARGIN_M for x in box.lower_m)
            upper = tuple(x - BOX_MARGIN_M for x in box.upper_m)
            smaller.append(dataclasses.replace(box, lower_m=lower, upper_m=upper))
        return dataclasses.replace(self.bounds, boxes=tuple(smaller))
