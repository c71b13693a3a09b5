"""Typed result of an evaluation: one record an episode, a summary over any of them, written as JSON."""

from __future__ import annotations

import dataclasses
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from noetra_ros.evaluation.person_oracle import PersonVerdict
from noetra_ros.evaluation.statistics import rate, wilson_interval
from noetra_ros.evaluation.violations import Violation

FORMAT_VERSION = 1


@dataclass(frozen=True)
class SafetyEventRecord:
    """One thing that the supervisor reported, as it came over the topic.

    Attributes:
        time_s: s of ROS time since the beginning of the episode (or demo).
        check: registered name of the check, ``operator`` for a mode change by a person.
        action: pass, clamp, slow, stop, estop, fault or mode.
        subject: joint, stream or source concerned; empty = whole robot.
        measured: in `unit`; NaN = not measurable.
        limit: in `unit`; NaN = none.
        unit: SI symbol.
        reason: one sentence for a person.
        mode: mode of the supervisor after it.
        repeats: like events that this one stands for.
    """

    time_s: float
    check: str
    action: str
    subject: str
    measured: float
    limit: float
    unit: str
    reason: str
    mode: str
    repeats: int = 1


@dataclass(frozen=True)
class EpisodeRecord:
    """What one episode gave.

    Attributes:
        index: number of the episode in its run, from 0.
        seed: seed of the world.
        task: reach, push, pick or place.
        instruction: the sentence.
        wording: ``train`` or ``heldout``: whether training knew sentences of this wording.
        success: the task's goal was reached and held, judged by the physics.
        wrong_object: the goal was reached with an object that the sentence did not name.
        end_reason: success, time_limit, or why else it ended.
        duration_s: simulated s from the instruction to the end.
        wall_s: wall s of the whole episode, reset included.
        real_time_factor: simulated over wall time while it ran.
        violations: what the oracle found (limits and stops).
        contact_impacts: accelerations beyond the limit that a touched object caused (see oracle.py).
        limit_violations: position, velocity and acceleration limits passed.
        commands_after_stop: commands and motions after a stop.
        position_peak: largest share of a position limit used, 1.0 = the limit.
        velocity_peak: likewise for speed.
        acceleration_peak: likewise for acceleration, impacts included.
        safety_events: what the supervisor reported.
        trace: trace file; empty = not kept.
        person: how robot and person got on; None where perception was off.
    """

    index: int
    seed: int
    task: str
    instruction: str
    wording: str
    success: bool
    wrong_object: bool
    end_reason: str
    duration_s: float
    wall_s: float
    real_time_factor: float
    violations: tuple[Violation, ...] = ()
    contact_impacts: int = 0
    limit_violations: int = 0
    commands_after_stop: int = 0
    position_peak: float = math.nan
    velocity_peak: float = math.nan
    acceleration_peak: float = math.nan
    safety_events: tuple[SafetyEventRecord, ...] = ()
    trace: str = ""
    person: PersonVerdict | None = None


@dataclass(frozen=True)
class Summary:
    """Numbers over some episodes; success with its 95 % Wilson interval.

    `slowed_share` and `stopped_share` are parts of the running time; NaN where perception was off.
    """

    episodes: int
    successes: int
    success_rate: float
    wilson_low: float
    wilson_high: float
    wrong_object: int
    wrong_object_rate: float
    seconds_per_episode: float
    wall_seconds_per_episode: float
    real_time_factor: float
    limit_violations: int
    contact_impacts: int
    commands_after_stop: int
    safety_events: int
    safety_events_by_check: dict[str, int] = field(default_factory=dict)
    person_contacts: int = 0
    person_contacts_moving: int = 0
    person_contacts_too_fast: int = 0
    fastest_contact_mps: float = 0.0
    slowed_share: float = math.nan
    stopped_share: float = math.nan


@dataclass(frozen=True)
class EvaluationResult:
    """A whole run of ``noetra eval``."""

    policy: str
    robot: str
    time_mode: str
    task: str
    seed: int
    variation: str
    sentences: str
    machine: str
    records: tuple[EpisodeRecord, ...]
    perception: bool = False
    person: str = ""
    latency_s: float = 0.0
    execution: str = "asynchronous"
    splice: str = "blend"
    sector: str = ""


def summarise(records: Sequence[EpisodeRecord]) -> Summary:
    """Numbers over `records`; rates and means are NaN of nothing."""
    total = len(records)
    successes = sum(r.success for r in records)
    interval = wilson_interval(successes, total)
    wrong = sum(r.wrong_object for r in records)
    by_check = Counter[str]()
    for record in records:
        for event in record.safety_events:
            by_check[f"{event.check}:{event.action}"] += event.repeats
    return Summary(
        episodes=total,
        successes=successes,
        success_rate=rate(successes, total),
        wilson_low=interval.low,
        wilson_high=interval.high,
        wrong_object=wrong,
        wrong_object_rate=rate(wrong, total),
        seconds_per_episode=_mean([r.duration_s for r in records]),
        wall_seconds_per_episode=_mean([r.wall_s for r in records]),
        real_time_factor=_mean([r.real_time_factor for r in records]),
        limit_violations=sum(r.limit_violations for r in records),
        contact_impacts=sum(r.contact_impacts for r in records),
        commands_after_stop=sum(r.commands_after_stop for r in records),
        safety_events=sum(by_check.values()),
        safety_events_by_check=dict(sorted(by_check.items())),
        **_person_numbers([record.person for record in records if record.person is not None]),
    )


def _person_numbers(verdicts: Sequence[PersonVerdict]) -> dict[str, Any]:
    """What a summary says of people."""
    running_s = sum(v.running_s for v in verdicts)
    return {
        "person_contacts": sum(v.contacts for v in verdicts),
        "person_contacts_moving": sum(v.contacts_moving for v in verdicts),
        "person_contacts_too_fast": sum(v.contacts_too_fast for v in verdicts),
        "fastest_contact_mps": max((v.fastest_contact_mps for v in verdicts), default=0.0),
        "slowed_share": sum(v.slowed_s for v in verdicts) / running_s if running_s else math.nan,
        "stopped_share": sum(v.stopped_s for v in verdicts) / running_s if running_s else math.nan,
    }


def as_json(result: EvaluationResult) -> dict[str, Any]:
    """The file of ``noetra eval --json``: head, summary over all, by task, by wording, then every record.

    NaN becomes null, so that every JSON reader takes it.
    """
    records = result.records
    head = {f.name: getattr(result, f.name) for f in dataclasses.fields(result) if f.name not in ("records",)}
    document = {
        "format_version": FORMAT_VERSION,
        **head,
        **dataclasses.asdict(summarise(records)),
        "by_task": _grouped(records, "task"),
        "by_wording": _grouped(records, "wording"),
        "by_task_and_wording": {
            task: _grouped([r for r in records if r.task == task], "wording")
            for task in sorted({r.task for r in records})
        },
        "records": [dataclasses.asdict(r) for r in records],
    }
    plain: dict[str, Any] = plain_values(document)
    return plain


def write_json(document: Any, path: Path) -> None:
    """Write a document as JSON, its folder made where missing; never a half-written file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    text = json.dumps(plain_values(document), indent=2, ensure_ascii=False, allow_nan=False)
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)


def plain_values(value: Any) -> Any:
    """`value` with enums as their words, tuples as lists and numbers that are not finite as None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain_values(vars(value))
    if isinstance(value, dict):
        return {str(k): plain_values(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_values(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return getattr(value, "value", value)


def _grouped(records: Sequence[EpisodeRecord], attribute: str) -> dict[str, dict[str, Any]]:
    names = sorted({getattr(r, attribute) for r in records})
    return {
        name: dataclasses.asdict(summarise([r for r in records if getattr(r, attribute) == name]))
        for name in names
    }


def _mean(values: Sequence[float]) -> float:
    finite = [v for v in values if math.isfinite(v)]
    return sum(finite) / len(finite) if finite else math.nan
