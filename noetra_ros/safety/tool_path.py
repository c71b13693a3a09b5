"""Where a tool comes to: with what was sent to it of late, a twist that is held for a moment, and braking."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.base_path import speeds_until_rest
from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.limiter import AxisMotion
from noetra_ros.safety.limits import AxisLimits


class ToolPath(NamedTuple):
    """Points of a way, the first is its begin.

    Attributes:
        way_m: (k, 3) from the begin, in the axes that the twist has at the begin, were these not to turn.
        length_m: (k,) of the way so far.
        turn_rad: (k,) the most that the tool has turned so far.
    """

    way_m: FloatArray
    length_m: FloatArray
    turn_rad: FloatArray


class StartBox(NamedTuple):
    """Where a tool may be by now, in the base frame.

    Attributes:
        lower_m: (3,) lowest corner.
        upper_m: (3,) highest corner.
        turn_rad: the most that it has turned since it was measured.
    """

    lower_m: FloatArray
    upper_m: FloatArray
    turn_rad: float


def path_of(rows: FloatArray) -> ToolPath:
    """The way along twists that hold one after another: rows (k, 7) of duration s and twist."""
    steps = rows[:, :1] * rows[:, 1:]
    parts = (steps[:, :3], np.linalg.norm(steps[:, :3], axis=1), np.linalg.norm(steps[:, 3:], axis=1))
    return ToolPath(*(np.concatenate([part[:1] * 0.0, np.cumsum(part, axis=0)]) for part in parts))


def path_until_rest(
    motions: Sequence[AxisMotion], axes: Sequence[AxisLimits], dt_s: float, goes_on_s: float
) -> ToolPath:
    """The way of a tool that holds its twist for a while and then is stopped, each axis as it brakes.

    Args:
        motions: (6) parts of the twist as they are.
        axes: (6) their limits.
        dt_s: period of the channel.
        goes_on_s: how long the twist is held.
    """
    stops = [speeds_until_rest(motion, axis, dt_s) for motion, axis in zip(motions, axes, strict=True)]
    held = (goes_on_s, *(motion.velocity for motion in motions))
    braking = [(dt_s, *speeds) for speeds in itertools.zip_longest(*stops, fillvalue=0.0)]
    return path_of(np.array([held, *braking]))


def start_box(point_m: FloatArray, turn: FloatArray, since: FloatArray) -> StartBox:
    """Where a tool may be that was measured a while ago and follows its commands late, no one knows how late:
    it has gone any last part of the way that was sent.

    Args:
        point_m: (3,) where it was measured, base frame.
        turn: (3, 3) base_from_frame of the twists at that time; frames that do not turn: turns count as none.
        since: (k, 7) what was sent since: from the measurement back by the longest delay, and up to now.
    """
    if not len(since):
        return StartBox(point_m, point_m, 0.0)
    path = path_of(since)
    left_m = (path.way_m[-1] - path.way_m) @ turn.T
    error_m = float(path.length_m[-1] * path.turn_rad[-1])
    lower, upper = point_m + left_m.min(axis=0) - error_m, point_m + left_m.max(axis=0) + error_m
    return StartBox(lower, upper, float(path.turn_rad[-1]))


def straight_reach(
    motions: Sequence[AxisMotion], axes: Sequence[AxisLimits], dt_s: float, goes_on_s: float
) -> tuple[FloatArray, FloatArray]:
    """As `reach_of` the `path_until_rest`, along axes that do not turn: (3,) lowest and (3,) highest."""
    low, high = np.zeros(3), np.zeros(3)
    for i, (motion, axis) in enumerate(zip(motions[:3], axes[:3], strict=True)):
        held_m = motion.velocity * goes_on_s
        lowest_m, highest_m, _ = braking_travel(motion.velocity, motion.acceleration, axis, dt_s)
        low[i], high[i] = min(held_m + lowest_m, 0.0), max(held_m + highest_m, 0.0)  # in this order NaN stays
    return low, high


def reach_of(path: ToolPath, turn: FloatArray, turned_rad: float) -> tuple[FloatArray, FloatArray]:
    """(3,) lowest and (3,) highest of a way, base frame, from where it begins.

    A frame that goes with the tool turns meanwhile: what is gone after a turn by some angle is off by no more
    than its length times that angle.

    Args:
        path: of the tool.
        turn: (3, 3) base_from_frame as last measured.
        turned_rad: the most that it has turned since.
    """
    way_m = path.way_m @ turn.T
    error_m = (path.length_m * (path.turn_rad + turned_rad))[:, np.newaxis]
    return (way_m - error_m).min(axis=0), (way_m + error_m).max(axis=0)
