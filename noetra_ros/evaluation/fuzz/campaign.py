"""Many episodes from one seed: what is played, what the oracle finds, and what is written down of it."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np

from noetra_ros.core.types import CommandKind
from noetra_ros.evaluation.fuzz.episode import Episode
from noetra_ros.evaluation.fuzz.finding import Finding
from noetra_ros.evaluation.fuzz.oracle import Oracle
from noetra_ros.evaluation.fuzz.record import Call, Record
from noetra_ros.evaluation.fuzz.room import has_room
from noetra_ros.evaluation.fuzz.setup import (
    PEOPLE_VARIANTS,
    THINGS_VARIANT,
    VARIANTS,
    Setup,
    channels_of,
    shared,
)

PERIODS = 600
KEPT_FINDINGS = 20


@dataclass(frozen=True)
class Job:
    """What one episode is made from: `setups` and the seed of the campaign, and its number."""

    setups: tuple[Setup, ...]
    seed: int
    number: int
    periods: int = PERIODS

    @property
    def setup(self) -> Setup:
        """The set-ups take turns."""
        return shared(self.setups[self.number % len(self.setups)])

    @property
    def episode_seed(self) -> int:
        """Seed of this episode alone."""
        return Random(f"{self.seed}/{self.number}").getrandbits(63)


@dataclass
class Tally:
    """Sums over episodes."""

    episodes: int = 0
    steps: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    modes: Counter[int] = field(default_factory=Counter)
    setups: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    unchanged: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    findings: list[dict[str, Any]] = field(default_factory=list)
    episodes_with_findings: int = 0

    def add(self, other: Tally) -> None:
        """Take in those of another."""
        for name in ("episodes", "steps", "sent", "unchanged", "episodes_with_findings"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("calls", "modes", "setups", "rules"):
            getattr(self, name).update(getattr(other, name))
        self.findings = [*self.findings, *other.findings][:KEPT_FINDINGS]


def setups_for(robots: tuple[str, ...], without: str = "") -> tuple[Setup, ...]:
    """Every channel of the robots with every set of thresholds that it can have; where something is left out,
    only those set-ups in which it would have run.
    """
    setups = [
        Setup(robot, channel, variant, without)
        for robot in robots
        for channel in channels_of(robot)
        for variant in VARIANTS
    ]
    return tuple(setup for setup in map(shared, setups) if _is_possible(setup) and setup.is_different)


def _is_possible(setup: Setup) -> bool:
    if setup.variant == THINGS_VARIANT:
        return has_room(setup.bounds)
    kind = setup.profile.channel(setup.channel).kind
    return setup.variant not in PEOPLE_VARIANTS or kind is CommandKind.JOINT_POSITION


def weighted(setups: tuple[Setup, ...]) -> tuple[Setup, ...]:
    """Set-ups with people come once where the others come four times: they cost several times as much. All
    come in turns, so that a short campaign meets every channel.
    """
    others = tuple(setup for setup in setups if setup.variant not in PEOPLE_VARIANTS)
    return setups + 3 * others


def play(job: Job) -> tuple[Record, list[Finding]]:
    """One episode and what the oracle finds in it."""
    record = Episode(job.setup, job.episode_seed, job.periods).play()
    with warnings.catch_warnings(), np.errstate(all="ignore"):  # commands hold 1e308 and NaN on purpose
        warnings.simplefilter("ignore")
        return record, oracle_of(job.setup).judge(record)


@lru_cache(maxsize=64)
def oracle_of(setup: Setup) -> Oracle:
    """Judge of a set-up; its kinematics are built once."""
    return Oracle(setup.bounds)


def run(job: Job) -> Tally:
    """One episode, counted."""
    record, found = play(job)
    setup = job.setup
    is_command = record.call == Call.COMMAND
    unchanged = (record.sent == record.wanted).all(axis=1) & is_command
    return Tally(
        episodes=1,
        steps=len(record.call),
        calls=Counter(Call(number).name.lower() for number in record.call.tolist()),
        modes=Counter(record.mode.tolist()),
        setups=Counter({f"{setup.robot} {setup.channel} {setup.variant}": len(record.call)}),
        sent=int(record.is_sent.sum()),
        unchanged=int(unchanged.sum()),
        rules=Counter(f"{f.rule}: {f.subject}" for f in found),
        findings=[{"episode": job.number, **vars(f)} for f in found[:3]],
        episodes_with_findings=int(bool(found)),
    )


def jobs(setups: tuple[Setup, ...], seed: int, first: int = 0, periods: int = PERIODS) -> Iterator[Job]:
    """Episodes without end."""
    first_job = Job(setups, seed, first, periods)
    while True:
        yield first_job
        first_job = replace(first_job, number=first_job.number + 1)
