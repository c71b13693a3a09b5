"""Puts a person's motions one after another: walking, turning, moving a hand, waiting, each smooth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.person_figure import SIDES, Figure

SAMPLE_S = 0.01
RAMP_S = 0.5  # to walking speed and back to a stand
ROUNDING_S = 0.24  # corners of a way and changes of heading are spread over twice this
SWING_M = 0.05
STRIDE_HZ = 0.9
PEAK_OF_MEAN = 1.875  # highest over mean speed of a minimum-jerk motion (Flash and Hogan 1985)


class Schedule:
    """Collects samples of place, heading, lean and both hands.

    Hands are in the body frame: x forward, y left, z up from the floor below the pelvis.

    Args:
        figure: whose motions.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.place_m, self.yaw_rad, self.lean_rad = np.zeros(2), 0.0, 0.0
        self.hands_m = {side: self.hanging(side) for side in SIDES}
        self._blocks: list[tuple[FloatArray, FloatArray, FloatArray, dict[str, FloatArray]]] = []

    def hanging(self, side: str) -> FloatArray:
        """(3,) a hand that hangs down."""
        shoulder = self.figure.shoulder(side, np.zeros(1))[0]
        return shoulder + np.array([0.01, SIDES[side] * 0.07, -0.93 * self.figure.reach_m])

    def ready(self, side: str) -> FloatArray:
        """(3,) a hand raised before the chest, the elbow bent."""
        shoulder = self.figure.shoulder(side, np.zeros(1))[0]
        return shoulder + np.array(
            [0.62 * self.figure.reach_m, -SIDES[side] * 0.03, -0.17 * self.figure.stature_m]
        )

    def begin(self, place_m: FloatArray, yaw_rad: float) -> None:
        """Put the person somewhere; call it once, first."""
        self.place_m, self.yaw_rad = np.asarray(place_m, float), yaw_rad

    def walk(self, corners_m: Sequence[FloatArray], speed_mps: float) -> None:
        """Walk from corner to corner, heading where the way goes; `speed_mps` is the highest on the way."""
        points = np.array([self.place_m, *corners_m])
        lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
        travelled, moving = _ramped_travel(float(lengths.sum()), speed_mps)
        ends = np.concatenate([[0.0], np.cumsum(lengths)])
        places = np.stack([np.interp(travelled, ends, points[:, axis]) for axis in (0, 1)], axis=1)
        leg = np.clip(np.searchsorted(ends, travelled, side="right") - 1, 0, len(lengths) - 1)
        headings = np.arctan2(*np.diff(points, axis=0).T[::-1])[leg]
        yaws = np.unwrap(np.concatenate([[self.yaw_rad], headings]))[1:]
        hands = {}
        phase = 2 * np.pi * STRIDE_HZ * SAMPLE_S * np.arange(len(travelled))
        for side, sign in SIDES.items():
            swing = sign * SWING_M * moving * np.sin(phase)
            hands[side] = self.hands_m[side] + swing[:, None] * [1.0, 0.0, 0.0]
        self._add(places, yaws, np.full(len(travelled), self.lean_rad), hands)

    def turn(self, yaw_rad: float, speed_radps: float) -> None:
        """Turn on the spot, the short way round."""
        change = (yaw_rad - self.yaw_rad + np.pi) % (2 * np.pi) - np.pi
        share = _minimum_jerk(PEAK_OF_MEAN * abs(change) / speed_radps)
        self._stand(self.yaw_rad + share * change, np.full(len(share), self.lean_rad), {})

    def move_hand(self, side: str, target_m: FloatArray, lean_rad: float, speed_mps: float) -> None:
        """Move a hand straight to a point of the body frame, leaning on the way, at this highest speed."""
        change = np.asarray(target_m, float) - self.hands_m[side]
        share = _minimum_jerk(max(PEAK_OF_MEAN * float(np.linalg.norm(change)) / speed_mps, 0.2))
        lean = self.lean_rad + share * (lean_rad - self.lean_rad)
        hand = self.hands_m[side] + share[:, None] * change
        self._stand(np.full(len(share), self.yaw_rad), lean, {side: hand})

    def wait(self, duration_s: float) -> None:
        """Keep still."""
        count = max(1, round(duration_s / SAMPLE_S))
        self._stand(np.full(count, self.yaw_rad), np.full(count, self.lean_rad), {})

    def to_body_frame(self, point_m: FloatArray, floor_m: float) -> FloatArray:
        """(3,) a point of the base frame as seen from the body where it stands now."""
        x, y = np.asarray(point_m)[:2] - self.place_m
        cos, sin = np.cos(self.yaw_rad), np.sin(self.yaw_rad)
        return np.array([cos * x + sin * y, -sin * x + cos * y, point_m[2] - floor_m])

    def signals(self) -> tuple[FloatArray, FloatArray, FloatArray, dict[str, FloatArray]]:
        """(T, 2) place, (T,) yaw, (T,) lean, (T, 3) each hand; all rounded, `SAMPLE_S` apart."""
        places, yaws, leans = (np.concatenate([b[k] for b in self._blocks]) for k in range(3))
        hands = {s: np.concatenate([b[3][s] for b in self._blocks]) for s in SIDES}
        return _rounded(places), _rounded(yaws), _rounded(leans), {s: _rounded(h) for s, h in hands.items()}

    def _stand(self, yaws: FloatArray, leans: FloatArray, hands: dict[str, FloatArray]) -> None:
        still = {s: np.tile(self.hands_m[s], (len(yaws), 1)) for s in SIDES}
        self._add(np.tile(self.place_m, (len(yaws), 1)), yaws, leans, {**still, **hands})

    def _add(
        self, places: FloatArray, yaws: FloatArray, leans: FloatArray, hands: dict[str, FloatArray]
    ) -> None:
        self._blocks.append((places, yaws, leans, hands))
        self.place_m, self.yaw_rad, self.lean_rad = places[-1], float(yaws[-1]), float(leans[-1])
        self.hands_m = {side: hands[side][-1] for side in SIDES}


def _ramped_travel(length_m: float, speed_mps: float) -> tuple[FloatArray, FloatArray]:
    """Distance travelled and share of the speed at each sample: smooth up, steady, smooth down."""
    speed = min(speed_mps, length_m / RAMP_S)
    duration_s = length_m / speed + RAMP_S if speed > 0 else SAMPLE_S
    times = np.arange(0.0, duration_s + SAMPLE_S, SAMPLE_S)
    near_end = np.clip(np.minimum(times, duration_s - times) / RAMP_S, 0.0, 1.0)
    moving = near_end**2 * (3.0 - 2.0 * near_end)
    travelled = np.concatenate([[0.0], np.cumsum(0.5 * (moving[1:] + moving[:-1]) * SAMPLE_S * speed)])
    return travelled * (length_m / max(travelled[-1], 1e-9)), moving


def _minimum_jerk(duration_s: float) -> FloatArray:
    """(T,) share of the way, 0 exclusive to 1 inclusive (Flash and Hogan 1985)."""
    count = max(1, round(duration_s / SAMPLE_S))
    t = np.arange(1, count + 1) / count
    return t**3 * (10.0 - 15.0 * t + 6.0 * t**2)


def _rounded(signal: FloatArray) -> FloatArray:
    """The moving average of a moving average, ends held: no corner, and nowhere faster than before."""
    width = round(ROUNDING_S / SAMPLE_S)
    flat = signal.reshape(len(signal), -1)
    for _ in range(2):
        padded = np.concatenate([np.repeat(flat[:1], width, 0), flat, np.repeat(flat[-1:], width, 0)])
        sums = np.cumsum(np.concatenate([np.zeros((1, flat.shape[1])), padded]), axis=0)
        flat = ((sums[2 * width + 1 :] - sums[: -2 * width - 1]) / (2 * width + 1))[: len(signal)]
    return flat.reshape(signal.shape)
