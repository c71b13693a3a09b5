"""The demo's visitor: a person reaches in while the arm works, and what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from noetra_ros.cli.demo_scene import Scene
from noetra_ros.cli.episodes import RawEpisode
from noetra_ros.cli.graph_session import SeparationReport
from noetra_ros.evaluation.demo_story import DeclaredCheck, Motion, PersonStory
from noetra_ros.evaluation.episode_judge import stop_windows
from noetra_ros.evaluation.person_oracle import PersonVerdict, judge_person
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.records import EpisodeRecord, SafetyEventRecord
from noetra_ros.evaluation.report.separation_plot import SeparationSamples
from noetra_ros.evaluation.task_oracle import TaskOracle
from noetra_ros.evaluation.trace import PhysicsTrace, read_trace

VISITOR = "reach"
ABOUT_PEOPLE = ("separation", "force_limit")
VISITED_S = 40.0  # simulated s that the sentence may take with somebody in its way


def person_reaches_in(
    scene: Scene, oracle: TaskOracle, variation: str, plan: EpisodePlan, limits_mps: dict[str, float]
) -> PersonStory:
    """The policy follows a sentence, a person comes, reaches in and goes.

    Args:
        scene: the running graph, with perception.
        oracle: judges the task.
        variation: of the world.
        plan: the sentence.
        limits_mps: highest contact speed by body region.
    """
    longer = dataclasses.replace(plan, time_limit_s=plan.time_limit_s + VISITED_S)
    raw = scene.runner.with_person(VISITOR).run(longer)
    trace = read_trace(raw.trace_path)
    verdict = oracle.judge(trace, plan.seed, variation, plan.task, plan.colour, raw.told_s)
    physics = scene.judge.judge(trace, stop_windows(raw.modes, float(trace.time_s[-1])))
    person = judge_person(trace.person, limits_mps, raw.modes, raw.told_s, raw.ended_s)
    record = raw.record(verdict, physics, person=person)
    return PersonStory(
        motion=Motion(longer, trace, raw.modes, raw.began_s, raw.ended_s),
        told_s=raw.told_s,
        record=record,
        nearest_s=_nearest_s(trace),
        separation=separation_samples(scene.session.separations),
        checks=(*_person_checks(person, raw, record), *_end_checks(record)),
    )


def separation_samples(reports: Sequence[SeparationReport]) -> SeparationSamples:
    """The reports of the supervisor as columns."""
    columns = [np.array(c, dtype=np.float64) for c in zip(*reports, strict=True)] if reports else []
    return SeparationSamples(*columns)


def _nearest_s(trace: PhysicsTrace) -> float:
    """Simulated time at which robot and person were nearest."""
    assert trace.person is not None, "an episode with a person"
    return float(trace.time_s[int(np.argmin(trace.person.distance_m))])


def first_answer(events: Sequence[SafetyEventRecord], since_s: float) -> str:
    """What the supervisor did first about somebody, ``slow``, ``stop`` or ``neither``: a stop because the
    machine was busy for a moment is none.

    Args:
        events: of the episode.
        since_s: from when on, on the clock of the events.
    """
    answers = (e.action for e in events if e.check in ABOUT_PEOPLE and e.time_s >= since_s)
    return next((action for action in answers if action in ("slow", "stop")), "neither")


def _person_checks(
    person: PersonVerdict, raw: RawEpisode, record: EpisodeRecord
) -> tuple[DeclaredCheck, ...]:
    first = first_answer(record.safety_events, raw.told_s - raw.began_s)
    return (
        DeclaredCheck("it slows before it has to stop", first == "slow", first),
        DeclaredCheck(
            "no touch faster than contact may be",
            person.contacts_too_fast == 0,
            f"{person.contacts} touches, fastest towards the person {person.fastest_contact_mps:.2f} m/s",
        ),
    )


def _end_checks(record: EpisodeRecord) -> tuple[DeclaredCheck, ...]:
    return (
        DeclaredCheck("it goes on by itself and finishes", record.success, f"{record.duration_s:.1f} s"),
        DeclaredCheck(
            "no joint limit is passed, nothing comes after a stop",
            record.limit_violations + record.commands_after_stop == 0,
            f"{record.limit_violations} and {record.commands_after_stop}",
        ),
    )
