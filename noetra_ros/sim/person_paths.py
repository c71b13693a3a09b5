"""Where a simulated person is at each instant: random smooth paths from a seed, free of MuJoCo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.sim.person_figure import ARM_PARTS, PART_REGIONS, PARTS, STATURES_M, Figure
from noetra_ros.sim.person_schedule import SAMPLE_S, Schedule
from noetra_ros.sim.person_visits import KINDS, schedule_visits
from noetra_ros.sim.workplace import FLOOR_M

STREAM = 0x9E0  # keeps a person's chance apart from the layout's, so that a person changes nothing else


@dataclass(frozen=True)
class PersonLimits:
    """The fastest that a simulated person moves: what separation formulas assume of people.

    Attributes:
        body_mps: trunk, head and legs. ISO 13855:2010, 5.2: walking speed 1600 mm/s.
        hand_mps: arms and hands. ISO 13855:2010, 5.2: speed of the upper limbs 2000 mm/s.
    """

    body_mps: float = 1.6
    hand_mps: float = 2.0


LIMITS = PersonLimits()


@dataclass(frozen=True)
class Capsules:
    """A person's body at one instant.

    Attributes:
        segments_m: (k, 2, 3) end centres, base frame.
        radii_m: (k,).
        names: (k) parts.
        regions: (k) body regions of ISO/TS 15066.
    """

    segments_m: FloatArray
    radii_m: FloatArray
    names: tuple[str, ...] = PARTS
    regions: tuple[str, ...] = tuple(PART_REGIONS.values())


class PersonPath:
    """One person's way through an episode: comes, does what `kind` says, and is gone at the end.

    Args:
        seed: the same seed gives the same person on the same path.
        kind: `walk` (past the table, or up to it and away), `reach` (stands at the table's edge and reaches
            into the workspace) or `random` (both, in any order, at several places).

    Attributes:
        start_s: seconds since the start of the episode at which the person comes into the world, out of
            sight; below 0: already on the way when the episode begins.

    Raises:
        ConfigError: unknown kind.
    """

    names = PARTS
    regions = tuple(PART_REGIONS.values())

    def __init__(self, seed: int, kind: str) -> None:
        if kind not in KINDS:
            raise single_fault(
                "person", "kind", repr(kind), f"one of {', '.join(KINDS)}, or empty for nobody"
            )
        rng = np.random.default_rng([seed, STREAM])
        self.kind = kind
        self.figure = Figure(float(rng.uniform(*STATURES_M)), float(rng.uniform(0.9, 1.15)))
        self.radii_m = self.figure.radii_m
        schedule = Schedule(self.figure)
        self.start_s = schedule_visits(schedule, rng, kind)
        self._segments = _in_base_frame(schedule, self.figure)
        self._sample_s = SAMPLE_S * max(1.0, _excess(self._segments))

    @property
    def duration_s(self) -> float:
        """The person is gone from then on."""
        return self.start_s + (len(self._segments) - 1) * self._sample_s

    def is_present(self, time_s: float) -> bool:
        """Whether the person is there at all."""
        return self.start_s <= time_s < self.duration_s

    def segments(self, times_s: FloatArray) -> FloatArray:
        """(T, k, 2, 3) m, base frame; before and after the visit where it begins and ends.

        Args:
            times_s: (T,) since the start of the episode.
        """
        place = np.clip((np.asarray(times_s) - self.start_s) / self._sample_s, 0, len(self._segments) - 1)
        index = np.minimum(place.astype(int), len(self._segments) - 2)
        share = (place - index)[:, None, None, None]
        return (1.0 - share) * self._segments[index] + share * self._segments[index + 1]

    def capsules(self, time_s: float) -> Capsules:
        """The body at one instant, seconds since the start of the episode."""
        return Capsules(self.segments(np.array([time_s]))[0], self.radii_m)


def _in_base_frame(schedule: Schedule, figure: Figure) -> FloatArray:
    """(T, k, 2, 3) m, base frame."""
    place_m, yaw_rad, lean_rad, hands_m = schedule.signals()
    local = figure.segments(lean_rad, hands_m)
    cos, sin = (f(yaw_rad)[:, None, None] for f in (np.cos, np.sin))
    x = cos * local[..., 0] - sin * local[..., 1] + place_m[:, 0, None, None]
    y = sin * local[..., 0] + cos * local[..., 1] + place_m[:, 1, None, None]
    return np.stack([x, y, local[..., 2] + FLOOR_M], axis=-1)


def _excess(segments_m: FloatArray) -> float:
    """How many times too fast the fastest part is when samples are `SAMPLE_S` apart."""
    speeds = np.linalg.norm(np.diff(segments_m, axis=0), axis=-1).max(axis=(0, 2)) / SAMPLE_S
    limits = np.array([LIMITS.hand_mps if part in ARM_PARTS else LIMITS.body_mps for part in PARTS])
    return float((speeds / limits).max())
