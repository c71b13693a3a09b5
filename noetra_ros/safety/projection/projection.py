"""The nearest allowed motion: what the limits of the axes leave of a command, held against every barrier.

A command goes on as it is, bit for bit, when the next posture, the one in which a controlled stop after it
ends, and five on the way between have room to every barrier. Otherwise the nearest speeds are taken that do,
found by one small QP and then looked at in the true geometry. Each row is linear in the next speeds around
the controlled stop that begins now: whatever is sent, the robot comes to rest near to where that ends, and
that had room when the step before was sent. What an answer leaves missing is asked for from then on, with the
slopes of the posture that misses it. Where speeds of points are limited, balls of their velocities at some
instants are added until they keep the limit on the whole way to rest (see `speeds`). What cannot be found
becomes a step of the controlled stop. A robot that stands in a barrier already may only come out of it; one
that is too fast already brakes.

All of this is asked twice: where the robot was told to be, and as far beside that as it was measured. An arm
that leans on the table gives way sideways: what was sent keeps clear of a wall, the gripper slides into it.

Cannot catch: a barrier that moves faster than the robot stops; the way between these postures, a third
of the way to rest at most; how the robot goes astray next, and that it does while it follows a whole
trajectory, which is judged by its own postures (check tracking_error).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.answer import UNKNOWN, Held, Projected
from noetra_ros.safety.projection.balls import Found, nearest_within
from noetra_ros.safety.projection.barrier import Barrier, build_barriers
from noetra_ros.safety.projection.half_spaces import HalfSpaces
from noetra_ros.safety.projection.next_values import NextValues
from noetra_ros.safety.projection.restraint import Restraint
from noetra_ros.safety.projection.rooms import Rooms
from noetra_ros.safety.projection.speeds import Speeds
from noetra_ros.safety.settings import SupervisorSettings
from noetra_ros.safety.snapshot import Values

# Room that may be missing: rounding of distances.
ROUNDING = 1e-6
CORRECTIONS = 6  # two are usual
SPEED_CORRECTIONS = 8  # an instant that was too fast each; every round takes 0.5 ms
BISECTIONS = 4
NEARLY = 0.98  # tried first: what the rounds have come to is seldom far beyond a limit
# More than was missing: the next answer is not to fail by rounding again.
CORRECTION_GAIN = 1.2
# Not a gripper: it has to open wherever the arm is, somebody's finger may be in it.
HELD_KINDS = (CommandKind.JOINT_POSITION, CommandKind.JOINT_VELOCITY)
# Room that a robot astray may use up before it is asked for: sag and overshoot of joints, in every margin.
SAG = 0.003
# Of the time to rest. With one look between the first and the last, arms swung 3.8 mm past where they have to
# stay, between two of them; with these 0.4 mm, of the millimetre that faces are kept clear of.
LOOKS = (0.0, 0.1, 0.2, 0.3, 0.45, 0.65, 1.0)
# Memories of rooms in each place: one for each look, one for where a stop begun now ends, one for now.
NOW, MEMORIES, PLACES = len(LOOKS) + 1, len(LOOKS) + 2, 2
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


class _Look(NamedTuple):
    """A posture on the way to rest.

    Attributes:
        posture: (d).
        period: after how many periods of the stop.
    """

    posture: FloatArray
    period: int


class _Missing(NamedTuple):
    """Rows that miss room at a look.

    Attributes:
        look: it.
        rows: (k).
        spare: (k,) m, below 0.
        gradient: (k, d) m per unit of each axis.
    """

    look: _Look
    rows: list[int]
    spare: FloatArray
    gradient: FloatArray


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
        self._barriers = tuple(barriers)
        self._rooms = Rooms(barriers, limits.joint_indices, PLACES * MEMORIES)
        self._limits, self._is_followed = limits, limits.is_position and not is_thought
        self._columns, self._told = np.array(limits.joint_indices), np.zeros(len(limits.axes))
        self._speeds = np.maximum(limits.each_velocity, 1e-9)
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
        found = [rooms.now(sent + beside, within, _memory(n, NOW)) for n, beside in enumerate(besides)]
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
        motion, restraint = case.motion, case.restraint
        may = NextValues(motion, self._limits, speed_scale)
        wanted, room, goal = may.shares(case.proposed), self._around_stop(case, may), case.proposed
        for _ in range(SPEED_CORRECTIONS if restraint.is_broken else CORRECTIONS):
            balls = restraint.balls(self._speeds)
            found = nearest_within(wanted, may.low, may.high, room.rows, room.least, balls)
            if found is None:
                break
            values = may.values(found.values)
            if not motion.is_allowed(values):
                break
            looks = self._looks(motion, values)
            spares = self._spares(looks, case.places)
            is_roomy = bool((spares >= -ROUNDING).all())
            if restraint.keeps(values) and is_roomy:
                return Projected(values, self._leaning(case, found, room.owners))
            goal = values if is_roomy else case.proposed
            for missing in self._missing(looks, spares, case.places):
                slopes = missing.gradient * may.follows(missing.look.period)
                room.add(missing.rows, slopes, found.values, CORRECTION_GAIN * missing.spare)
        return self._slower(case, goal)

    def _around_stop(self, case: _Case, may: NextValues) -> HalfSpaces:
        """What is asked of the next speeds for the posture in which the robot rests after them. It is near to
        the one in which a controlled stop that begins now ends: there rooms and slopes are taken.
        """
        room, reach = HalfSpaces(len(self._speeds)), self._rooms.reach @ may.span
        stop = case.motion.stop_step()
        rest, shares, follows = np.array(case.motion.rest_after(stop)), may.shares(stop), may.follows(-1)
        for number, place in enumerate(case.places):
            within, memory = place.floor + reach, _memory(number, len(LOOKS))
            spare = self._rooms.at(rest + place.beside, within, memory) - place.floor
            near = np.flatnonzero(spare < reach).tolist()
            room.add(near, self._rooms.gradient(near) * follows, shares, np.maximum(spare[near], 0.0))
        return room

    def _missing(
        self, looks: Sequence[_Look], spares: FloatArray, places: Sequence[_Place]
    ) -> Iterator[_Missing]:
        """Rows that miss room, by the look at which they miss most.

        Args:
            looks: at some motion.
            spares: (p * l, m) that were seen.
            places: where the robot may be.
        """
        worst, spare = spares.argmin(axis=0), np.minimum.reduce(spares)
        missing = np.flatnonzero(~(spare >= -ROUNDING))  # NaN is missing
        for number in sorted(set(worst[missing].tolist())):
            which, at = divmod(number, len(looks))
            rows = missing[worst[missing] == number].tolist()
            self._rooms.at(looks[at].posture + places[which].beside, places[which].floor, _memory(which, at))
            yield _Missing(looks[at], rows, spare[rows], self._rooms.gradient(rows))

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
        return np.asarray(np.minimum.reduce(self._spares(self._looks(motion, values), places)))

    def _spares(self, looks: Sequence[_Look], places: Sequence[_Place]) -> FloatArray:
        """(p * l, m) the same, place by place and look by look."""
        spares = [
            self._rooms.at(look.posture + place.beside, place.floor, _memory(which, at)) - place.floor
            for which, place in enumerate(places)
            for at, look in enumerate(looks)
        ]
        return np.array(spares)

    def _looks(self, motion: ChannelMotion, values: Values) -> list[_Look]:
        """The next posture, some on the way to rest after it, and the last."""
        postures = motion.postures_after(values)
        last = len(postures) - 1
        periods = sorted({round(share * last) for share in LOOKS})
        return [_Look(postures[period], period) for period in periods]

    def _leaning(self, case: _Case, found: Found, owners: Sequence[int]) -> tuple[Held, ...]:
        """Why an answer is not what was proposed."""
        active = np.flatnonzero(found.rows @ found.values - found.least <= ACTIVE).tolist()
        count = len(owners)
        leant_on = [owners[row] for row in active if row < count]
        return self._held(case, leant_on, [found.owners[row - count] for row in active if row >= count])

    def _held(
        self, case: _Case, leant_on: Sequence[int] = (), balls_leant_on: Sequence[int] = ()
    ) -> tuple[Held, ...]:
        """What the proposal would have broken, and what the answer leans on: rows, and balls."""
        spare = case.spare
        broken = np.flatnonzero(spare < -ROUNDING).tolist()
        held = [Held(*self._rooms.named(row), float(spare[row])) for row in sorted({*broken, *leant_on})]
        return tuple(sorted([*held, *case.restraint.held(balls_leant_on)], key=lambda one: one.room))


def _memory(place: int, posture: int) -> int:
    """Of rooms, for a posture of a place."""
    return MEMORIES * place + posture


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
