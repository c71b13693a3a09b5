"""The nearest allowed motion: what the limits of the axes leave of a command, held against every barrier.

A command goes on as it is, bit for bit, when the next posture, the one in which a controlled stop after it
ends, and two between them have room to every barrier. Otherwise the nearest speeds are taken
that do (each row linear in them: room now, less what the axes travel until they rest, is not below zero),
found by one small QP and then looked at in the true geometry; what is missing there is asked for from there
on. Where speeds of points are limited, balls of their velocities at some instants are added until they keep
the limit on the whole way to rest (see `speeds`). What cannot be found becomes a step of the controlled stop,
which had room when the step before was sent. A robot that stands in a barrier already may only come out of
it; one that is too fast already brakes.

All of this is asked twice: where the robot was told to be, and as far beside that as it was measured. An arm
that leans on the table gives way sideways: what was sent keeps clear of a wall, the gripper slides into it.

Cannot catch: a barrier that moves faster than the robot stops; the way between these postures; how the robot
goes astray next, and that it does while it follows a whole trajectory, which is judged by its own postures
(check tracking_error).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.answer import UNKNOWN, Held, Projected
from noetra_ros.safety.projection.balls import nearest_within
from noetra_ros.safety.projection.barrier import Barrier, build_barriers
from noetra_ros.safety.projection.half_spaces import MOST_SHARE, HalfSpaces, travel
from noetra_ros.safety.projection.restraint import Restraint
from noetra_ros.safety.projection.rooms import Rooms
from noetra_ros.safety.projection.speeds import Speeds
from noetra_ros.safety.settings import SupervisorSettings
from noetra_ros.safety.snapshot import Values

# Room that may be missing: rounding of distances.
ROUNDING = 1e-6
CORRECTIONS = 6  # three are usual
SPEED_CORRECTIONS = 8  # an instant that was too fast each; every round takes 0.5 ms
BISECTIONS = 4
NEARLY = 0.98  # tried first: what the rounds have come to is seldom far beyond a limit; and for slopes
LEAST_CHANGE = 1e-9  # share of a speed limit: an axis whose next values differ by less tells no slope
# Not a gripper: it has to open wherever the arm is, somebody's finger may be in it.
HELD_KINDS = (CommandKind.JOINT_POSITION, CommandKind.JOINT_VELOCITY)
# Room that a robot astray may use up before it is asked for: sag and overshoot of joints, in every margin.
SAG = 0.003
STOP_SHARES = (0.4,)  # of the time to rest: postures between the next one and the last one
_all = np.logical_and.reduce  # faster than the method, and this runs with every command
ACTIVE = 1e-6  # a row with less to spare than this, in its own unit, is what held the motion


@dataclass(frozen=True)
class _Place:
    """Where the robot is, if it follows as it does now.

    Attributes:
        beside: (d) of each axis, beside what was sent; 0 = as told.
        floor: (m) room that has to be left there.
    """

    beside: FloatArray
    floor: FloatArray


@dataclass(frozen=True)
class _Case:
    """A proposal that breaks something.

    Attributes:
        motion: what was last sent.
        proposed: (d) next values.
        places: where the robot may be; as told, and as measured.
        spare: (m) least room that the proposal leaves in any of them, less what has to be left.
    """

    motion: ChannelMotion
    proposed: Values
    places: tuple[_Place, ...]
    spare: FloatArray
    restraint: Restraint


class Projection:
    """Barriers of one channel of joints.

    Args:
        barriers: at least one.
        limits: of the channel.
        is_thought: the robot does not make these motions: where it is measured says nothing of them.

    Attributes:
        left_out: what the barriers cannot watch, for people to know.
    """

    def __init__(self, barriers: Sequence[Barrier], limits: ChannelLimits, is_thought: bool = False) -> None:
        self.left_out = tuple(name for barrier in barriers for name in barrier.left_out)
        self._barriers, self._rooms = tuple(barriers), Rooms(barriers, limits.joint_indices)
        self._limits, self._is_followed = limits, limits.is_position and not is_thought
        self._columns, self._told = np.array(limits.joint_indices), np.zeros(len(limits.axes))
        self._speeds = np.maximum(limits.column("velocity"), 1e-9)
        self._points = Speeds(barriers, limits)

    def see(self, scene: ObstacleScene | None) -> None:
        """Take what perception sees now; None = nothing was told yet.

        Raises:
            ValueError: an obstacle that has no orientation.
        """
        self._rooms.see(scene)

    def twin(self) -> Projection:
        """The same barriers, with what was last seen: for a motion that the robot does not make."""
        return Projection([copy.copy(barrier) for barrier in self._barriers], self._limits, is_thought=True)

    def apply(
        self, motion: ChannelMotion, proposed: Values, speed_scale: float, joint_positions: FloatArray
    ) -> Projected:
        """Hold a proposal against the barriers.

        Args:
            motion: what was last sent.
            proposed: (d) next values, within the limits of the axes.
            speed_scale: share of the speed limits that may be used, 0..1.
            joint_positions: (j,) measured, profile order; joints of other channels are taken from it.
        """
        rooms = self._rooms
        rooms.begin(joint_positions)
        self._points.begin(joint_positions)
        sent = np.array(motion.positions())
        within = rooms.reach @ np.array(motion.most_travel_after(proposed))
        besides = self._besides(joint_positions, sent)
        found = [rooms.at(sent + beside, within, is_kept=beside is self._told) for beside in besides]
        restraint = Restraint(self._points, motion, besides, proposed)
        if not restraint.is_broken and all(_all(room >= within) for room in found):
            return Projected(proposed)
        if restraint.is_unknown or np.isnan(found).any():
            return Projected(motion.stop_step(), (UNKNOWN,), True)
        places = tuple(_Place(beside, _floor(room)) for beside, room in zip(besides, found, strict=True))
        spare = self._spare(motion, proposed, places)
        if not restraint.is_broken and (spare >= -ROUNDING).all():
            return Projected(proposed)
        return self._project(_Case(motion, proposed, places, spare, restraint), speed_scale)

    def _besides(self, joint_positions: FloatArray, sent: FloatArray) -> list[FloatArray]:
        """(d) of each axis, how far beside what was sent the robot may be; the first is not at all."""
        if not self._is_followed:
            return [self._told]
        beside = joint_positions[self._columns] - sent
        off = np.abs(beside)
        is_astray = not (_all(self._rooms.reach @ off <= SAG) and _all(self._points.reach @ off <= SAG))
        return [self._told, beside] if is_astray else [self._told]

    def _project(self, case: _Case, speed_scale: float) -> Projected:
        """The nearest motion that keeps its room; as much of the proposal as does, where there is none."""
        motion, restraint, is_position = case.motion, case.restraint, self._limits.is_position
        offset = np.array(motion.positions()) if is_position else np.zeros(len(self._speeds))
        unit = self._speeds * (self._limits.period_s if is_position else 1.0)  # of a value, at full speed
        lows, highs = (np.array(values) for values in motion.extremes(speed_scale))
        wanted, low, high = ((np.array(v) - offset) / unit for v in (case.proposed, lows, highs))
        near, room = self._linear(case, wanted, np.maximum(np.abs(low), np.abs(high)))
        goal, is_held = case.proposed, False
        for _ in range(SPEED_CORRECTIONS if restraint.is_broken else CORRECTIONS):
            found = nearest_within(wanted, low, high, room.rows, room.least, restraint.balls(self._speeds))
            if found is None and not is_held and near:
                stop = motion.stop_step()
                room.hold_to((np.array(stop) - offset) / unit, self._spare(motion, stop, case.places)[near])
                is_held = True
                continue
            if found is None:
                break
            values: Values = tuple(np.clip(offset + unit * found.values, lows, highs).tolist())
            if not motion.is_allowed(values):
                break
            spare = self._spare(motion, values, case.places)
            is_roomy = bool((spare >= -ROUNDING).all())
            if restraint.keeps(values) and is_roomy:
                active = np.flatnonzero(found.rows @ found.values - found.least <= ACTIVE).tolist()
                leant_on = [near[row] for row in active if row < len(near)]
                balls_leant_on = [found.owners[row - len(near)] for row in active if row >= len(near)]
                return Projected(values, self._held(case, leant_on, balls_leant_on))
            goal = values if is_roomy else case.proposed
            room.ask_for(found.values, -spare[near])
        return self._slower(case, goal)

    def _linear(self, case: _Case, wanted: FloatArray, most: FloatArray) -> tuple[list[int], HalfSpaces]:
        """Barriers that the next speeds and the stop after them can come to, and what they ask of them.

        Args:
            case: it.
            wanted: (d) shares of the speed limits.
            most: (d) the largest sizes of them that may be sent next.

        Returns:
            near: (k) rows, place by place, with less room than that can use up.
            room: their half spaces.
        """
        far = self._rooms.reach @ travel(self._limits, np.maximum(most, MOST_SHARE))
        sent = np.array(case.motion.positions())
        near: list[int] = []
        gradients, least = [], []
        for place in case.places:
            room = self._rooms.at(sent + place.beside, far, is_kept=place.beside is self._told)
            here = np.flatnonzero(room < far).tolist()
            near += here
            gradients.append(self._rooms.gradient(here))
            least.append(np.minimum(place.floor[here] - room[here], 0.0))
        return near, HalfSpaces(self._limits, np.vstack(gradients), np.concatenate(least), wanted, most)

    def _slower(self, case: _Case, goal: Values) -> Projected:
        """The largest share of a goal that keeps its room; the rest is a controlled stop."""
        good, bad, best, share = 0.0, 1.0, case.motion.stop_step(), NEARLY
        for _ in range(1 + BISECTIONS):
            values = case.motion.blend(goal, share)
            is_roomy = (self._spare(case.motion, values, case.places) >= -ROUNDING).all()
            if is_roomy and case.restraint.keeps(values):
                good, best = share, values
            else:
                bad = share
            if good == NEARLY:
                break
            share = 0.5 * (good + bad)
        return Projected(best, self._held(case), good == 0.0)

    def _spare(self, motion: ChannelMotion, values: Values, places: Sequence[_Place]) -> FloatArray:
        """(m,) least room on the way to rest after `values`, less what has to be left; at least a bound."""
        at, postures = self._rooms.at, self._postures(motion, values)
        spares = [at(posture + p.beside, p.floor) - p.floor for p in places for posture in postures]
        return np.asarray(np.minimum.reduce(spares))

    def _postures(self, motion: ChannelMotion, values: Values) -> list[FloatArray]:
        """(d) of the next posture, those on the way to rest after it, and the last."""
        after, rest = np.array(motion.positions_after(values)), np.array(motion.rest_after(values))
        speed = np.abs(motion.velocity_after(values))
        # Each axis takes its own time to rest: about twice what it would take without slowing down.
        ends_s = 2.0 * np.abs(rest - after) / np.maximum(speed, 1e-9)
        times_s = ends_s.max() * np.array(STOP_SHARES)[:, np.newaxis]
        left = np.maximum(1.0 - times_s / np.maximum(ends_s, 1e-9), 0.0) ** 2
        return [after, *(rest + left * (after - rest)), rest]

    def _held(
        self, case: _Case, leant_on: Sequence[int] = (), balls_leant_on: Sequence[int] = ()
    ) -> tuple[Held, ...]:
        """What the proposal would have broken, and what the answer leans on: rows, and balls."""
        spare = case.spare
        broken = np.flatnonzero(spare < -ROUNDING).tolist()
        held = [Held(*self._rooms.named(row), float(spare[row])) for row in sorted({*broken, *leant_on})]
        return tuple(sorted([*held, *case.restraint.held(balls_leant_on)], key=lambda one: one.room))


def _floor(room: FloatArray) -> FloatArray:
    """(m,) room that has to be left: inside a barrier, rounding must not let the robot creep deeper."""
    return np.asarray(np.where(room < -2.0 * ROUNDING, room + ROUNDING, 0.0))


def build_projection(
    names: Sequence[str],
    profile: RobotProfile,
    channel: Channel,
    limits: ChannelLimits,
    settings: SupervisorSettings,
) -> Projection | None:
    """The projection of a channel; None where nothing of its profile is a barrier, or it is not of joints.

    Raises:
        ConfigError: unknown or repeated names; what is wrong in the profile.
    """
    barriers = build_barriers(names, profile, settings) if channel.kind in HELD_KINDS else []
    return Projection(barriers, limits) if barriers else None


def unheld(names: Sequence[str], channel: Channel) -> str:
    """Why no barrier holds the motion of a channel, for people to know; empty = they do, where the profile
    has any.
    """
    if not names or channel.kind in HELD_KINDS:
        return ""
    return (
        f"barriers {', '.join(names)} are left out: they hold joints, the channel takes {channel.kind.value}"
    )
