"""What happened in a demo, as typed stories: sentences that were followed, bad things that were stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from noetra_ros.evaluation.episode_judge import PhysicsVerdict
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.records import EpisodeRecord, SafetyEventRecord, plain_values
from noetra_ros.evaluation.report.fault_plot import SentCommands
from noetra_ros.evaluation.report.separation_plot import SeparationSamples
from noetra_ros.evaluation.trace import PhysicsTrace
from noetra_ros.evaluation.violations import Violation, ViolationKind


@dataclass(frozen=True)
class DeclaredCheck:
    """One thing that was declared before, and whether it came so.

    Attributes:
        words: what was declared.
        is_met: it came so.
        measured: in words with unit; empty = a yes-or-no matter.
    """

    words: str
    is_met: bool
    measured: str = ""


@dataclass(frozen=True)
class Motion:
    """What the physics and the supervisor recorded while something was tried; times are simulated s.

    Attributes:
        plan: world and sentence.
        trace: physics.
        modes: time and mode of each change.
        began_s: time of the reset.
        ended_s: time of the end.
    """

    plan: EpisodePlan
    trace: PhysicsTrace
    modes: tuple[tuple[float, str], ...]
    began_s: float
    ended_s: float


@dataclass(frozen=True)
class SentenceStory:
    """A sentence and what the arm made of it."""

    motion: Motion
    told_s: float
    record: EpisodeRecord

    @property
    def is_ok(self) -> bool:
        """Done with the named cube, within the limits."""
        r = self.record
        return r.success and not (r.wrong_object or r.limit_violations or r.commands_after_stop)

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What did not come as it should, for a person."""
        r = self.record
        found = [] if r.success else [f"not done: {r.end_reason}"]
        found += ["another cube was handled"] if r.wrong_object else []
        return (*found, *_physics_words(r))


@dataclass(frozen=True)
class PersonStory:
    """A person who reached in while the arm worked.

    Attributes:
        motion: what was recorded.
        told_s: simulated time of the sentence.
        record: what the oracles made of it.
        nearest_s: simulated time at which the person was nearest.
        separation: what the supervisor reported of them.
        checks: what was declared, and whether it came so.
    """

    motion: Motion
    told_s: float
    record: EpisodeRecord
    nearest_s: float
    separation: SeparationSamples
    checks: tuple[DeclaredCheck, ...]

    @property
    def is_ok(self) -> bool:
        """Everything that was declared came so."""
        return all(check.is_met for check in self.checks)

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What did not come as it should, for a person."""
        unmet = [f"{c.words}: {c.measured}" for c in self.checks if not c.is_met]
        return (*unmet, *_physics_words(self.record))


@dataclass(frozen=True)
class FaultStory:
    """A bad thing and what the supervisor did about it.

    Attributes:
        name: ``policy_killed``, ``command_flood`` or ``estop``.
        title: for a person.
        done: what was done to the robot.
        happened: what the supervisor did, in plain words.
        motion: what was recorded.
        physics: what the oracle found.
        at_s: simulated time of the bad thing.
        checks: what was declared, and whether it came so.
        events: what the supervisor reported; `time_s` since the reset.
        sent: bad commands, where there were any.
        kinds_sent: how many commands of which kind were sent.
    """

    name: str
    title: str
    done: str
    happened: str
    motion: Motion
    physics: PhysicsVerdict
    at_s: float
    checks: tuple[DeclaredCheck, ...]
    events: tuple[SafetyEventRecord, ...]
    sent: SentCommands = field(default_factory=SentCommands)
    kinds_sent: dict[str, int] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        """Everything that was declared came so."""
        return all(check.is_met for check in self.checks)

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What did not come as it should, for a person."""
        unmet = [f"{c.words}: {c.measured}" for c in self.checks if not c.is_met]
        return (*unmet, *_physics_words(self.physics))


@dataclass(frozen=True)
class DemoStory:
    """A whole demo."""

    policy: str
    robot: str
    variation: str
    machine: str
    ros: str
    duration_s: float
    sentences: tuple[SentenceStory, ...]
    faults: tuple[FaultStory, ...]
    visits: tuple[PersonStory, ...] = ()

    @property
    def steps(self) -> tuple[SentenceStory | PersonStory | FaultStory, ...]:
        """All of it, in order."""
        return (*self.sentences, *self.visits, *self.faults)

    @property
    def is_ok(self) -> bool:
        """Every step did what is declared."""
        return all(step.is_ok for step in self.steps)

    @property
    def stale_s(self) -> float:
        """Oldest joint state that the supervisor met, s; above 0 the machine did not keep up."""
        events = [event for s in (*self.sentences, *self.visits) for event in s.record.safety_events]
        events += [event for f in self.faults for event in f.events]
        ages = [e.measured for e in events if e.check == "stale" and e.subject == "joint_states"]
        return max((age for age in ages if age is not None and age == age), default=0.0)

    @property
    def verdicts(self) -> list[PhysicsVerdict | EpisodeRecord]:
        """What the physics oracle found, step by step."""
        told = [s.record for s in (*self.sentences, *self.visits)]
        return [*told, *(f.physics for f in self.faults)]


def physics_checks(physics: PhysicsVerdict) -> tuple[DeclaredCheck, ...]:
    """What is declared of every bad thing: the physics stays inside the limits and stands after a stop."""
    largest = max(physics.velocity_peak, 0.0)
    return (
        DeclaredCheck(
            "no position, velocity or acceleration limit is passed",
            physics.limit_violations == 0,
            f"{physics.limit_violations}; fastest joint at {100 * largest:.0f} % of its limit",
        ),
        DeclaredCheck(
            "no command reaches the controller and nothing moves after a stop",
            physics.commands_after_stop == 0,
            str(physics.commands_after_stop),
        ),
    )


def story_json(story: DemoStory) -> dict[str, Any]:
    """The file report.json of a demo."""
    verdicts = story.verdicts
    document = {
        "policy": story.policy,
        "robot": story.robot,
        "time_mode": "real_time",
        "variation": story.variation,
        "machine": story.machine,
        "ros": story.ros,
        "duration_s": story.duration_s,
        "is_ok": story.is_ok,
        "limit_violations": sum(v.limit_violations for v in verdicts),
        "commands_after_stop": sum(v.commands_after_stop for v in verdicts),
        "contact_impacts": sum(v.contact_impacts for v in verdicts),
        "real_time_factor": _mean([s.record.real_time_factor for s in story.sentences]),
        "sentences": [{**vars(s.record), "is_ok": s.is_ok} for s in story.sentences],
        "visits": [{**vars(v.record), "is_ok": v.is_ok, "checks": v.checks} for v in story.visits],
        "faults": [_fault_json(fault) for fault in story.faults],
    }
    plain: dict[str, Any] = plain_values(document)
    return plain


def _fault_json(fault: FaultStory) -> dict[str, Any]:
    return {
        "name": fault.name,
        "title": fault.title,
        "done": fault.done,
        "happened": fault.happened,
        "is_ok": fault.is_ok,
        "checks": fault.checks,
        "kinds_sent": fault.kinds_sent,
        **vars(fault.physics),
        "events": fault.events,
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _physics_words(physics: PhysicsVerdict | EpisodeRecord) -> list[str]:
    """The worst finding of each kind in words; bumps against things are no shortcoming."""
    worst: dict[ViolationKind, Violation] = {}
    for violation in physics.violations:
        known = worst.setdefault(violation.kind, violation)
        if abs(violation.measured) > abs(known.measured):
            worst[violation.kind] = violation
    worst.pop(ViolationKind.CONTACT_IMPACT, None)
    return [
        f"{v.axis} {kind.value.replace('_', ' ')} {v.measured:.3g}, limit {v.limit:g} {v.unit}"
        for kind, v in worst.items()
    ]
