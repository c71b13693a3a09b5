"""An incident moment by moment: modes, verdicts and the policy's states in one order of time."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.evaluation.incident_facts import IncidentFacts
from noetra_ros.evaluation.incident_story import mode_changes
from noetra_ros.evaluation.report.palette import MODE_STYLES
from noetra_ros.evaluation.report.timeline import ModeSpan, mode_spans


@dataclass(frozen=True)
class Moment:
    """Something that changed.

    Attributes:
        time_s: s since the stop.
        kind: ``mode``, ``event`` or ``policy``.
        name: mode, action or state: small letters.
        words: for a person.
    """

    time_s: float
    kind: str
    name: str
    words: str


def timeline(facts: IncidentFacts) -> list[Moment]:
    """Every change, in order of time."""
    moments = [Moment(s.time_s, "mode", s.mode, s.reason) for s in mode_changes(facts)]
    for event in facts.events:
        times = f" ({event.repeats} times)" if event.repeats > 1 else ""
        moments.append(Moment(event.time_s, "event", event.action, f"{event.check}: {event.reason}{times}"))
    before = ("", "", "")
    for policy in facts.policy:
        now = (policy.state, policy.detail, policy.instruction)
        if now != before:
            words = ", ".join(word for word in (policy.instruction, policy.detail) if word)
            moments.append(Moment(policy.time_s, "policy", policy.state, words))
        before = now
    return sorted(moments, key=lambda moment: moment.time_s)


def spans_of(facts: IncidentFacts) -> list[ModeSpan]:
    """Modes over the time of the file."""
    changes = [(state.time_s, state.mode) for state in mode_changes(facts)]
    return mode_spans(changes, facts.end_s)


def terminal_colour(moment: Moment) -> str:
    """Colour of a moment for rich."""
    if moment.kind == "policy":
        return "blue"
    modes = {"stop": "protective_stop", "estop": "emergency_stop", "clamp": "slowed", "slow": "slowed"}
    return MODE_STYLES.get(modes.get(moment.name, moment.name), MODE_STYLES["unknown"]).terminal
