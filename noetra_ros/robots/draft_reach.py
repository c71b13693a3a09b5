"""Where a new arm reaches, and a posture to begin in: drawn from its kinematics, always the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.kinematics import ToolKinematics

SEED, POSTURES = 5, 3000
# Of the heights and widths that the tool reaches: the ends of the range are straight arms.
INNER_PERCENT = (3.0, 97.0)
ABOVE_M = 0.05  # the tool stays this far above the foot of the arm
MIDDLE_SHARE = (0.35, 0.75)  # of the reach: where the tool is at home
# Home is where the tool can move in all directions; distance from the middle of the ranges counts this much.
MIDDLE_WEIGHT = 0.3


@dataclass(frozen=True)
class Reach:
    """What the draws show.

    Attributes:
        lower_m: (3,) lowest corner of the workspace, base frame.
        upper_m: (3,) highest corner.
        home: (n,) posture with the tool in front of the arm, rad or m.
    """

    lower_m: FloatArray
    upper_m: FloatArray
    home: FloatArray


def draw_reach(
    tool: ToolKinematics, lower: FloatArray, upper: FloatArray, is_clear: Callable[[FloatArray], bool]
) -> Reach:
    """Workspace and home posture.

    Args:
        tool: kinematics of the arm's tool.
        lower: (n,) position limits.
        upper: (n,) position limits.
        is_clear: whether the arm's links keep off the ground in a posture.
    """
    rng = np.random.default_rng(SEED)
    postures = rng.uniform(lower, upper, (POSTURES, len(lower)))
    places_m = np.array([tool.tool_position(posture) for posture in postures])
    above = places_m[:, 2] > ABOVE_M
    if not above.any():  # hangs from a ceiling
        above = np.ones(POSTURES, dtype=bool)
    low, high = np.percentile(places_m[above], INNER_PERCENT, axis=0)
    low[2] = max(low[2], ABOVE_M) if (places_m[above][:, 2] > 0.0).all() else low[2]
    low, high = np.ceil(low * 100.0) / 100.0, np.floor(high * 100.0) / 100.0
    in_box = (places_m > low).all(axis=1) & (places_m < high).all(axis=1)
    fitting = [k for k in np.flatnonzero(in_box & _is_in_front(places_m)) if is_clear(postures[k])]
    home = np.clip(np.zeros(len(lower)), lower, upper)
    if fitting:
        home = max((postures[k] for k in fitting), key=lambda posture: _worth(tool, posture, lower, upper))
    return Reach(low, high, np.clip(np.round(home, 2), lower, upper))


def _is_in_front(places_m: FloatArray) -> NDArray[np.bool_]:
    away_m = np.linalg.norm(places_m, axis=1)
    least, most = (share * away_m.max() for share in MIDDLE_SHARE)
    return np.asarray((away_m > least) & (away_m < most) & (places_m[:, 0] > 2.0 * np.abs(places_m[:, 1])))


def _worth(tool: ToolKinematics, posture: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    ease_m = _ease(tool, posture)
    return ease_m * (1.0 - MIDDLE_WEIGHT * _off(posture, (lower + upper) / 2.0, (upper - lower) / 2.0))


def _ease(tool: ToolKinematics, posture: FloatArray) -> float:
    """How well the tool moves in the direction in which it moves worst, m per rad."""
    return float(np.linalg.svd(tool.tool_jacobian(posture)[:3], compute_uv=False)[-1])


def _off(posture: FloatArray, middle: FloatArray, half: FloatArray) -> float:
    return float(np.sqrt(np.mean(((posture - middle) / half) ** 2)))
