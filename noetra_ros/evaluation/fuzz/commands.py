"""Random sources of commands: smooth, jumping, flooding, pausing, and worse."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np

from noetra_ros.core.types import Command, CommandKind, FloatArray
from noetra_ros.evaluation.fuzz.bounds import Bounds

# Weight of each style; the first ones move the robot, the others try to break it.
STYLES = {
    "smooth": 30, "jumps": 10, "hugging": 12, "walk": 10, "hold": 8, "flood": 5, "slow": 5, "pause": 5,
    "huge": 4, "not_a_number": 3, "wrong_form": 3, "named": 5, "trajectory": 25,
}  # fmt: skip
HUGE = (1e3, 1e9, 1e300, -1e300, 1.7e308)
NOT_NUMBERS = (math.nan, math.inf, -math.inf)


class CommandSource:
    """One phase of commands.

    Args:
        bounds: of the channel.
        random: of the episode.
        style: one of `STYLES`.
        start: (d,) where the robot is, or its velocity.
    """

    def __init__(self, bounds: Bounds, random: Random, style: str, start: FloatArray) -> None:
        self._bounds, self._random, self.style = bounds, random, style
        self._start = start
        d = len(bounds.names)
        uniform = np.array([random.uniform(-1.0, 1.0) for _ in range(d)])
        if bounds.is_position:
            middle, half = 0.5 * (bounds.upper + bounds.lower), 0.5 * (bounds.upper - bounds.lower)
            self._goal = middle + half * uniform * random.choice((0.3, 0.6, 1.0, 1.2))
        else:
            self._goal = bounds.velocity * uniform * random.choice((0.3, 0.9, 1.3))
        self._phase = np.array([random.uniform(0.0, 6.28) for _ in range(d)])
        self._pace = random.choice((0.2, 0.6, 0.95, 1.05))
        self._last = start.copy()

    def values(self, step: int) -> list[FloatArray]:
        """The commands of one period, usually one; (d,) each, whatever is in them."""
        random, style = self._random, self.style
        if style in ("pause", "trajectory") or (style == "slow" and step % 4):
            return []
        if style == "flood":
            return [self._smooth(step + 0.25 * i) for i in range(random.choice((2, 4, 6)))]
        value = self._value(style, step)
        if style == "not_a_number" and random.random() < 0.1:
            value = value.copy()
            value[random.randrange(len(value))] = random.choice(NOT_NUMBERS)
        if style == "huge":
            value = value.copy()
            value[random.randrange(len(value))] = random.choice(HUGE)
        self._last = np.clip(np.nan_to_num(value), -1e3, 1e3)
        return [value]

    def _value(self, style: str, step: int) -> FloatArray:
        random = self._random
        if style == "jumps":
            if step % random.choice((7, 13, 31)) == 0:
                self._goal = self._goal + np.array([random.gauss(0.0, 0.8) for _ in self._goal])
            return self._goal
        if style == "walk":
            size = 2.0 * self._bounds.velocity * self._bounds.period_s
            return self._last + np.array([random.gauss(0.0, s) for s in size])
        if style == "hold":
            return self._goal
        if style == "hugging":
            return self._hugging(step)
        return self._smooth(step)

    def _smooth(self, step: float) -> FloatArray:
        """From the start to the goal and back, with rates near the limits for some of `_pace`."""
        bounds = self._bounds
        span = np.abs(self._goal - self._start) + 1e-9
        if bounds.is_position:
            turn = np.minimum(
                self._pace * 2.0 * bounds.velocity / span, np.sqrt(2.0 * bounds.acceleration / span)
            )
            turn = np.minimum(turn, np.cbrt(2.0 * bounds.jerk / span))
        else:
            turn = np.minimum(
                self._pace * 2.0 * bounds.acceleration / span, np.sqrt(2.0 * bounds.jerk / span)
            )
        time_s = step * bounds.period_s
        return self._start + (self._goal - self._start) * 0.5 * (1.0 - np.cos(min(turn) * time_s))

    def _hugging(self, step: int) -> FloatArray:
        """On a limit and a little beside it, at the highest speed."""
        bounds = self._bounds
        nudge = self._random.choice((0.0, 1e-12, -1e-12, 1e-6, 1e-3))
        if not bounds.is_position:
            return np.sign(self._phase - 3.14) * bounds.velocity * (1.0 + nudge)
        way = np.sign(self._phase - 3.14) * bounds.velocity * bounds.period_s * step * self._pace
        return np.clip(self._start + way, bounds.lower - abs(nudge), bounds.upper + nudge)


def as_command(values: FloatArray, bounds: Bounds, random: Random, style: str, now_ns: int) -> Command:
    """A command with names and kind as a source of this style gives them."""
    names: tuple[str, ...] = ()
    kind: Any = bounds.kind
    efforts, frame = _effort(bounds, random, style), bounds.frame
    if frame:
        frames = (
            ("", frame, "somewhere_else") if style == "wrong_form" and random.random() < 0.1 else ("", frame)
        )
        frame = random.choice(frames)
    if style == "named":
        order = list(range(len(values)))
        random.shuffle(order)
        names, values = tuple(bounds.names[i] for i in order), values[order]
    if style == "wrong_form" and random.random() < 0.1:
        values, names, kind = _wrong(values, bounds, random)
    return Command(kind, values, now_ns, None, names, efforts, frame)


def _effort(bounds: Bounds, random: Random, style: str) -> FloatArray | None:
    """None, less than the limit, more, and now and then none that can be meant."""
    if not bounds.effort > 0.0:
        return None
    if style in ("not_a_number", "huge") and random.random() < 0.1:
        return np.array([random.choice((*NOT_NUMBERS, -1e-9, -3.0))])
    share = random.choice((None, 0.0, random.random(), 1.0, 1.0 + 1e-6, 3.0, 1e300))
    return None if share is None else np.array([share * bounds.effort])


def _wrong(
    values: FloatArray, bounds: Bounds, random: Random
) -> tuple[FloatArray, tuple[str, ...], CommandKind]:
    choice = random.randrange(5)
    if choice == 0:
        return values[:-1], (), bounds.kind
    if choice == 1:
        return np.concatenate([values, values]), (), bounds.kind
    if choice == 2:
        return np.zeros(0), (), bounds.kind
    if choice == 3:
        return values, ("nobody", *bounds.names[1:]), bounds.kind
    others = [kind for kind in CommandKind if kind is not bounds.kind]
    return values, (), random.choice(others)
