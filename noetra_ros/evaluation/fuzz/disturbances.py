"""What goes wrong around the supervisor: each disturbance begins, lasts some periods, and ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

# Weight of each; the names speak for themselves.
WEIGHTS = {
    "joints_silent": 4, "joints_old": 3, "joints_nan": 3, "joints_noisy": 3, "joints_stuck": 6,
    "joints_jump": 3, "stream_silent": 4, "heartbeat_silent": 4, "estop_pressed": 5, "estop_bounces": 3,
    "chain_silent": 4, "estop_called": 2, "writer": 4, "trust_low": 4, "trust_slow": 4, "trust_silent": 3,
    "trust_nan": 2, "clock_back": 3, "ros_back": 3, "ticks_late": 3, "commands_old": 3, "commands_mixed": 2,
    "reduced": 7, "disarm": 3, "arm_again": 2, "reset_in_motion": 2, "person": 12, "person_still": 6,
    "scene_silent": 3, "scene_ahead": 2, "scene_unreadable": 2, "sensor_bad": 3, "no_sensors": 1,
}  # fmt: skip
OF_PEOPLE = (
    "person",
    "person_still",
    "scene_silent",
    "scene_ahead",
    "scene_unreadable",
    "sensor_bad",
    "no_sensors",
)
LONGEST_PERIODS = 60


@dataclass(frozen=True)
class Disturbance:
    """One of `WEIGHTS`, from a period of the episode on until before another."""

    name: str
    begin: int
    end: int


def plan(random: Random, periods: int, has_people: bool) -> list[Disturbance]:
    """Disturbances of an episode: most of the time at most one, now and then several at once."""
    names = [name for name in WEIGHTS if has_people or name not in OF_PEOPLE]
    weights = [WEIGHTS[name] * (3 if name in OF_PEOPLE else 1) for name in names]
    found, at = [], random.randrange(20, 100)
    while at < periods:
        length = random.randrange(1, LONGEST_PERIODS) if random.random() < 0.7 else random.randrange(1, 4)
        (name,) = random.choices(names, weights)
        if name in ("person", "reduced", "person_still"):
            length += 2 * LONGEST_PERIODS
        found.append(Disturbance(name, at, at + length))
        if name == "clock_back" and random.random() < 0.5:  # what was heard before now lies in the future
            silent = random.choice(("joints_silent", "stream_silent", "heartbeat_silent", "chain_silent"))
            found.append(Disturbance(silent, at, at + 3 * LONGEST_PERIODS))
        at += math.ceil(length * random.choice((0.5, 1.2, 1.2, 1.2))) + random.randrange(10, 120)
    return found


class Schedule:
    """Which disturbances are under way.

    Args:
        disturbances: of the episode.
    """

    def __init__(self, disturbances: list[Disturbance]) -> None:
        self._all = disturbances
        self.now: frozenset[str] = frozenset()
        self.begun: frozenset[str] = frozenset()
        self.ended: frozenset[str] = frozenset()

    def go_to(self, period: int) -> None:
        """The period that comes."""
        self.now = frozenset(d.name for d in self._all if d.begin <= period < d.end)
        self.begun = frozenset(d.name for d in self._all if d.begin == period)
        self.ended = frozenset(d.name for d in self._all if d.end == period)
