"""How fast points may go after one state of a motion: asked for a proposal, and for what is tried instead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.answer import Held
from noetra_ros.safety.projection.balls import Ball
from noetra_ros.safety.projection.speeds import ROUNDING, Instant, Speeds, Way
from noetra_ros.safety.snapshot import Values

# Slopes are taken between a motion and this share of it. Down to the controlled stop they mislead: the speed
# of an axis at a later instant follows its next speed for a while, and then no more.
NEARLY = 0.98


class Restraint:
    """Looks at motions one after the other; each instant that is too fast makes a ball.

    Args:
        speeds: limits of points.
        motion: what was last sent.
        besides: p of (d) of each axis, beside what was sent: places where the robot may be.
        proposed: (d) next values.

    Attributes:
        is_broken: the proposal makes a point faster than it may be.
        is_unknown: how fast it makes one cannot be told.
    """

    def __init__(
        self, speeds: Speeds, motion: ChannelMotion, besides: Sequence[FloatArray], proposed: Values
    ) -> None:
        self._speeds, self._motion, self._besides = speeds, motion, besides
        self._way: Way | None = None
        self._tried = proposed
        self._balls: list[Ball] = []
        self._walls: list[tuple[Instant, float]] = []
        self._proposed = self._look(proposed)
        self.is_unknown = any(np.isnan(instant.mps) for instant in self._proposed)
        if not self.is_unknown:
            self._walls = self._beyond(self._proposed)
        self.is_broken = bool(self._walls) or self.is_unknown

    def keeps(self, values: Values) -> bool:
        """Whether no point is too fast on the way to rest after `values`, wherever the robot is."""
        beyond = self._beyond(self._look(values))
        self._walls += beyond
        return not beyond

    def balls(self, units: FloatArray) -> list[Ball]:
        """What limits the next speeds of the axes, in `units` (d), at each instant that was too fast."""
        fresh = self._walls[len(self._balls) :]
        if self._way is not None and fresh:
            nearer = self._speeds.way(self._motion, self._motion.blend(self._tried, NEARLY))
            self._balls += [
                self._speeds.ball(instant, self._way, nearer, most, units) for instant, most in fresh
            ]
        return self._balls

    def held(self, leant_on: Sequence[int]) -> list[Held]:
        """Limits that the proposal breaks, and those of balls, by number, that an answer leans on."""
        rows = {self._walls[number][0].row for number in leant_on}
        rows |= {instant.row for instant, _ in self._beyond(self._proposed)}
        held = []
        for row in sorted(rows):
            name, unit, most_mps = self._speeds.named(row)
            mps = max([instant.mps for instant in self._proposed if instant.row == row], default=0.0)
            held.append(Held(name, unit, most_mps - mps, most_mps))
        return held

    def _look(self, values: Values) -> list[Instant]:
        """When each point is fastest, place by place; empty where all are surely slow enough, which motions
        that are held by a limit never are.
        """
        if not self._walls and self._speeds.are_surely_kept(self._motion, values, self._besides):
            return []
        self._tried, self._way = values, self._speeds.way(self._motion, values)
        return self._speeds.fastest(self._way, self._besides)

    def _beyond(self, fastest: Sequence[Instant]) -> list[tuple[Instant, float]]:
        """Those that are too fast, each with the speed that is allowed to it."""
        if all(instant.mps <= self._speeds.named(instant.row)[2] for instant in fastest):
            return []
        pairs = zip(fastest, self._allowed, strict=True)
        return [(instant, most) for instant, most in pairs if not instant.mps <= most * (1.0 + ROUNDING)]

    @cached_property
    def _stop(self) -> Way:
        """Of a controlled stop that begins now."""
        return self._speeds.way(self._motion, self._motion.stop_step())

    @cached_property
    def _allowed(self) -> list[float]:
        """m/s of each row, place by place: the limit; where even the stop is faster, as fast as that."""
        stop = self._speeds.fastest(self._stop, self._besides)
        return [max(self._speeds.named(instant.row)[2], instant.mps) for instant in stop]
