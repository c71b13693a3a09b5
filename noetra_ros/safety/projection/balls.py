"""The nearest speeds of axes with which no point is faster than it may be, its velocity linear in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.projection.nearest import nearest

# Share of the limit below which an answer is looked for: what is found a little beside it is still kept.
EASE = 5e-4
ROUNDS = 20  # four or five are usual
LEAST_MPS = 1e-12  # a velocity that has a direction


class Ball(NamedTuple):
    """A velocity that is not to get longer than it may be: ``at_rest + change @ speeds``.

    Attributes:
        at_rest: (3,) m/s.
        change: (3, d) per unit of the speed of each axis.
        most_mps: length.
    """

    at_rest: FloatArray
    change: FloatArray
    most_mps: float


class Found(NamedTuple):
    """An answer.

    Attributes:
        values: (d,).
        rows: (m, d) half spaces asked for, then those that stand for balls.
        least: (m,) of them.
        owners: number of the ball of each of the latter.
    """

    values: FloatArray
    rows: FloatArray
    least: FloatArray
    owners: list[int]


def nearest_within(
    wanted: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    rows: FloatArray,
    least: FloatArray,
    balls: Sequence[Ball],
) -> Found | None:
    """As `nearest`, and within balls: half spaces that touch them are added until they hold (Kelley 1960).

    Returns:
        None where there is no answer, or it was not found. An answer may be beyond a ball by what the last
        of `ROUNDS` left: it has to be looked at.
    """
    found, owners = nearest(wanted, lower, upper, rows, least), list[int]()
    if not balls:
        return None if found is None else Found(found, rows, least, owners)
    at_rest, change = np.array([ball.at_rest for ball in balls]), np.array([ball.change for ball in balls])
    most = np.array([ball.most_mps for ball in balls])
    for _ in range(ROUNDS):
        if found is None:
            return None
        velocities = at_rest + change @ found
        sizes = np.sqrt(np.add.reduce(velocities * velocities, axis=1))
        beyond = np.flatnonzero(~(sizes <= (1.0 - 0.5 * EASE) * most))  # NaN is beyond
        if not beyond.size:
            break
        towards = velocities[beyond] / np.maximum(sizes[beyond, np.newaxis], LEAST_MPS)
        along = (towards[:, np.newaxis] @ change[beyond])[:, 0]
        rows = np.concatenate([rows, -along])
        needed = np.add.reduce(towards * at_rest[beyond], axis=1) - (1.0 - EASE) * most[beyond]
        least = np.concatenate([least, needed])
        owners += beyond.tolist()
        found = nearest(wanted, lower, upper, rows, least)
    return None if found is None else Found(found, rows, least, owners)
