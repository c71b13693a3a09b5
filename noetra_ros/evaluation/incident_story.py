"""What happened at a stop and why, in sentences of a language: a pure function of the facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.core.wording import Wording, load_wording
from noetra_ros.evaluation.incident_facts import IncidentFacts, StateAt

PASSING = ("active", "slowed")
STOPPED = ("protective_stop", "emergency_stop", "fault")
# Speed is taken over this time: a servo's encoder steps by 1.5 mrad, which is 0.015 rad/s then.
SPEED_WINDOW_S = 0.1
STANDING = 0.03  # rad/s or m/s: slower than this for the same time again counts as standing
SILENCE_S = 0.1  # a longer pause of the commands is worth a word
NEAR_RAD = 0.01  # a command this near to the measurement is no news
SILENT = "silent"


def tell(facts: IncidentFacts, wording: Wording | None = None) -> list[str]:
    """The whole story, a paragraph each: the stop, before it, after it, what to do, caveats.

    Args:
        facts: of the incident.
        wording: language; None = English. What the supervisor itself said stays as it said it.
    """
    words = wording or load_wording("en")
    story = _Story(facts, words)
    paragraphs = [
        [stop_sentence(facts, words), words.check(facts.check).why, *story.person()],
        [*story.armed_before(), *story.slowed_before(), *story.last_command(), *story.policy()],
        [*story.stood(), *story.went_on(), *story.again()],
        [words.story.what_to_do.format(do=words.check(facts.check).do)],
        [words.story.caveats[name] for name in facts.caveats],
    ]
    return [words.story.between.join(sentences) for sentences in paragraphs if sentences]


def stop_sentence(facts: IncidentFacts, wording: Wording | None = None) -> str:
    """When, what, which check; None = English."""
    words = wording or load_wording("en")
    story, when = words.story, clock_words(facts.stop_utc_ns, words)
    if facts.mode == SILENT:
        return story.silent.format(when=when, reason=facts.reason)
    what = story.stopped.get(facts.mode, story.stopped["other"]).format(mode=words.mode(facts.mode))
    return story.stop.format(
        when=when, what=what, check=_check_words(facts.check, words), reason=facts.reason or story.no_reason
    )


def _check_words(check: str, words: Wording) -> str:
    """Its name, which is English, beside its words in another language."""
    return check if words.language == "en" else f"{words.check(check).name} ({check})"


def clock_words(utc_ns: int, wording: Wording | None = None) -> str:
    """Time of day with milliseconds, and the date; None = English."""
    moment = datetime.fromtimestamp(utc_ns * 1e-9, UTC)
    template = (wording or load_wording("en")).story.clock
    return template.format(time=f"{moment:%H:%M:%S.%f}"[:-3], date=f"{moment:%Y-%m-%d}")


def standing_s(facts: IncidentFacts) -> float | None:
    """Seconds from the stop until the robot stood; None where it was not seen to stand."""
    time_s, speed = _speed(facts)
    is_slow = speed < STANDING
    for row in np.flatnonzero(is_slow & (time_s >= 0.0)):
        within = (time_s >= time_s[row]) & (time_s <= time_s[row] + SPEED_WINDOW_S)
        if is_slow[within].all() and time_s[-1] >= time_s[row] + SPEED_WINDOW_S:
            # The window looks back: the robot stood at its beginning.
            return float(max(0.0, time_s[row] - SPEED_WINDOW_S))
    return None


def resumed_s(facts: IncidentFacts) -> float | None:
    """Seconds from the stop until commands passed again; None = not in this file."""
    return next((s.time_s for s in facts.states if s.time_s > 0.0 and s.mode in PASSING), None)


def mode_changes(facts: IncidentFacts) -> list[StateAt]:
    """The first report of each mode, in order of time."""
    changes: list[StateAt] = []
    for state in facts.states:
        if not changes or changes[-1].mode != state.mode:
            changes.append(state)
    return changes


def moved_after_stop(facts: IncidentFacts, until_s: float) -> tuple[str, float]:
    """Axis that went farthest between the stop and `until_s`, and how far."""
    series = facts.measured
    inside = (series.time_s >= 0.0) & (series.time_s <= until_s)
    if inside.sum() < 2:
        return "", 0.0
    part = series.values[inside]
    if facts.unit == "rad":
        ways = np.abs(part[-1] - part[0])
    else:  # speeds: summed up
        steps_s = np.diff(series.time_s[inside])[:, None]
        ways = np.abs((0.5 * (part[1:] + part[:-1]) * steps_s).sum(axis=0))
    axis = int(np.nanargmax(np.nan_to_num(ways, nan=-1.0)))
    return facts.axes[axis], float(ways[axis])


def _speed(facts: IncidentFacts) -> tuple[FloatArray, FloatArray]:
    """(n,) time in s and (n,) speed of the fastest axis."""
    series = facts.measured
    if len(series) < 3:
        return np.zeros(0), np.zeros(0)
    if facts.unit != "rad":
        return series.time_s, np.nanmax(np.abs(np.nan_to_num(series.values)), axis=1)
    before = np.searchsorted(series.time_s, series.time_s - SPEED_WINDOW_S)
    ways = np.abs(series.values - series.values[before])
    took_s = np.maximum(series.time_s - series.time_s[before], 1e-3)
    return series.time_s, np.nan_to_num(ways).max(axis=1) / took_s


class _Story:
    """The sentences of one incident in one language."""

    def __init__(self, facts: IncidentFacts, wording: Wording) -> None:
        self._facts, self._wording, self._words = facts, wording, wording.story

    def person(self) -> Iterator[str]:
        """Who was near, where that was not why."""
        facts = self._facts
        near = [p for p in facts.people if abs(p.time_s) <= 0.3 and np.isfinite(p.distance_m)]
        if facts.check == "separation" or not near:
            return  # the reason says it, or there is nothing to say
        pair = min(near, key=lambda p: abs(p.time_s))
        numbers = {"distance": f"{pair.distance_m:.2f}", "required": f"{pair.required_m:.2f}"}
        yield self._words.person_near.format(link=pair.link, track=pair.track_id, **numbers)

    def armed_before(self) -> Iterator[str]:
        """How long it had been armed."""
        events = self._facts.events
        armed = [e for e in events if e.check == "operator" and e.mode in PASSING and e.time_s < 0.0]
        if armed:
            yield self._words.armed_before.format(time=self._words.duration(-armed[-1].time_s))

    def slowed_before(self) -> Iterator[str]:
        """It was slowed already."""
        facts, words = self._facts, self._words
        changes = [state for state in mode_changes(facts) if state.time_s < 0.0]
        if not changes or changes[-1].mode != "slowed":
            return
        start_s = changes[-1].time_s
        lowest = min(s.scale for s in facts.states if start_s <= s.time_s < 0.0)
        why = self._because(changes[-1].reason)
        yield words.slowed_before.format(time=words.duration(-start_s), scale=f"{lowest:.0%}", why=why)

    def last_command(self) -> Iterator[str]:
        """The last command before the stop."""
        facts, words, series = self._facts, self._words, self._facts.commanded
        rows = np.flatnonzero(series.time_s <= 0.005)  # topics overtake one another by so much
        if not len(rows):
            yield words.no_command
            return
        last, values = int(rows[-1]), series.values[rows[-1]]
        age_s = -float(series.time_s[last])
        when = words.just_before if age_s < 0.005 else words.before.format(time=words.duration(age_s))
        bad = [axis for axis, value in zip(facts.axes, values, strict=True) if not np.isfinite(value)]
        if bad:
            yield words.no_numbers.format(when=when, axes=words.listed(bad))
            yield from self._bad_since(rows)
        elif age_s > SILENCE_S:
            yield words.source_silent.format(when=when)
        else:
            yield words.last_command.format(when=when, asked=self._asked(values))

    def policy(self) -> Iterator[str]:
        """What the policy did."""
        words = self._words
        before = [p for p in self._facts.policy if p.time_s <= 0.0]
        if not before:
            return
        last = before[-1]
        sentence = words.sentence.format(instruction=last.instruction) if last.instruction else ""
        yield words.policy.format(
            model=last.model or words.no_name,
            state=self._wording.policy_states.get(last.state, last.state),
            why=self._because(last.detail),
            instruction=sentence or words.no_instruction,
        )

    def stood(self) -> Iterator[str]:
        """When the robot stood, and how far it went on."""
        facts, words = self._facts, self._words
        if not len(facts.measured):
            return
        after_s = standing_s(facts)
        if after_s is None:
            yield words.not_seen_to_stand
            return
        if after_s < 0.02:
            yield words.stood_at_once
            return
        axis, way = moved_after_stop(facts, after_s)
        unit = "rad" if facts.unit.startswith("rad") or axis == "wz" else "m"
        yield words.stood.format(time=words.duration(after_s), axis=axis, way=f"{way:.3g}", unit=unit)

    def went_on(self) -> Iterator[str]:
        """Whether it went on."""
        facts, words, after_s = self._facts, self._words, resumed_s(self._facts)
        if after_s is not None:
            yield words.went_on.format(time=words.duration(after_s))
            return
        later = [state for state in mode_changes(facts) if state.time_s > 0.0]
        if later and later[-1].mode not in STOPPED:
            mode, time = self._wording.mode(later[-1].mode), words.duration(later[-1].time_s)
            yield words.in_another_mode.format(time=time, mode=mode)
            return
        yield words.still_stopped.format(time=f"{facts.end_s:.1f}")

    def again(self) -> Iterator[str]:
        """What stopped it later."""
        facts, words = self._facts, self._words
        later = [state for state in mode_changes(facts) if state.time_s > 0.0 and state.mode in STOPPED]
        for state in later:
            if state.mode != facts.mode:
                time, mode = words.duration(state.time_s), self._wording.mode(state.mode)
                yield words.later_mode.format(time=time, mode=mode, reason=state.reason)
        stops = [state for state in later if state.mode == facts.mode]
        if stops:
            about = {"time": words.duration(stops[-1].time_s), "reason": stops[-1].reason}
            often = words.stopped_often.format(count=len(stops), **about)
            yield often if len(stops) > 1 else words.stopped_again.format(**about)

    def _because(self, reason: str) -> str:
        return self._words.because.format(reason=reason) if reason else ""

    def _bad_since(self, rows: Sequence[int]) -> Iterator[str]:
        series = self._facts.commanded
        is_bad = ~np.isfinite(series.values[rows]).all(axis=1)
        if is_bad.all():
            return
        first = len(is_bad) - int(np.argmin(is_bad[::-1]))
        since_s, count = -float(series.time_s[rows[first]]), len(is_bad) - first
        if count > 1:
            yield self._words.several_such.format(count=count, time=self._words.duration(since_s))
        else:
            yield self._words.all_before_good

    def _asked(self, values: FloatArray) -> str:
        """What a command asked for, beside where the robot was."""
        facts, words = self._facts, self._words
        at = np.flatnonzero(facts.measured.time_s <= 0.0)
        if facts.unit != "rad" or not len(at):
            pairs = zip(facts.axes, values, strict=True)
            return words.asked_values.format(values=", ".join(f"{axis} {value:.3g}" for axis, value in pairs))
        gaps = np.nan_to_num(np.abs(values - facts.measured.values[at[-1]]))
        axis = int(np.argmax(gaps))
        if gaps[axis] < NEAR_RAD:
            return words.asked_here
        numbers = {"value": f"{values[axis]:.3f}", "gap": f"{gaps[axis]:.3f}"}
        return words.asked_joint.format(axis=facts.axes[axis], **numbers)
