"""What happened at a stop and why, in sentences: a pure function of the facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from noetra_ros.evaluation.incident_advice import advice_for
from noetra_ros.evaluation.incident_facts import IncidentFacts, StateAt
from noetra_ros.evaluation.report.palette import MODE_STYLES

PASSING = ("active", "slowed")
STOPPED = ("protective_stop", "emergency_stop", "fault")
# Speed is taken over this time: a servo's encoder steps by 1.5 mrad, which is 0.015 rad/s then.
SPEED_WINDOW_S = 0.1
STANDING = 0.03  # rad/s or m/s: slower than this for the same time again counts as standing
SILENCE_S = 0.1  # a longer pause of the commands is worth a word
NEAR_RAD = 0.01  # a command this near to the measurement is no news
SILENT = "silent"


def tell(facts: IncidentFacts) -> list[str]:
    """The whole story, a paragraph each: the stop, before it, after it, what to do, caveats."""
    paragraphs = [
        [stop_sentence(facts), *_person(facts)],
        [*_armed_before(facts), *_slowed_before(facts), *_last_command(facts), *_policy(facts)],
        [*_stood(facts), *_went_on(facts), *_again(facts)],
        [f"What to do: {advice_for(facts.check)}"],
        list(facts.caveats),
    ]
    return [" ".join(sentences) for sentences in paragraphs if sentences]


def stop_sentence(facts: IncidentFacts) -> str:
    """When, what, why."""
    when = clock_words(facts.stop_utc_ns)
    if facts.mode == SILENT:
        return f"At {when} {facts.reason}."
    what = {
        "protective_stop": "the supervisor stopped the robot",
        "emergency_stop": "the supervisor stopped the robot for an emergency (latched)",
        "fault": "the supervisor stopped the robot for a fault (latched)",
    }.get(facts.mode, f"the supervisor went to {facts.mode}")
    return f"At {when} {what}: {facts.check}: {facts.reason or 'no reason was given'}."


def clock_words(utc_ns: int) -> str:
    """Time of day with milliseconds, and the date."""
    return f"{datetime.fromtimestamp(utc_ns * 1e-9, UTC):%H:%M:%S.%f}"[:-3] + (
        f" UTC on {datetime.fromtimestamp(utc_ns * 1e-9, UTC):%Y-%m-%d}"
    )


def duration_words(time_s: float) -> str:
    """A duration for a person: milliseconds below a tenth of a second."""
    return f"{time_s * 1e3:.0f} ms" if abs(time_s) < 0.1 else f"{time_s:.2f} s"


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


def _speed(facts: IncidentFacts) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
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


def _person(facts: IncidentFacts) -> Iterator[str]:
    near = [p for p in facts.people if abs(p.time_s) <= 0.3 and np.isfinite(p.distance_m)]
    if facts.check == "separation" or not near:
        return  # the reason says it, or there is nothing to say
    pair = min(near, key=lambda p: abs(p.time_s))
    yield (
        f"A person was near: {pair.link} was {pair.distance_m:.2f} m from person {pair.track_id}, "
        f"{pair.required_m:.2f} m were needed."
    )


def _armed_before(facts: IncidentFacts) -> Iterator[str]:
    armed = [e for e in facts.events if e.check == "operator" and e.mode in PASSING and e.time_s < 0.0]
    if armed:
        yield f"It had been armed {duration_words(-armed[-1].time_s)} before."


def _slowed_before(facts: IncidentFacts) -> Iterator[str]:
    changes = [state for state in mode_changes(facts) if state.time_s < 0.0]
    if not changes or changes[-1].mode != "slowed":
        return
    start_s = changes[-1].time_s
    lowest = min(s.scale for s in facts.states if start_s <= s.time_s < 0.0)
    why = f" ({changes[-1].reason})" if changes[-1].reason else ""
    yield f"{duration_words(-start_s)} before, it had begun to slow the robot, to {lowest:.0%}{why}."


def _last_command(facts: IncidentFacts) -> Iterator[str]:
    series = facts.commanded
    rows = np.flatnonzero(series.time_s <= 0.005)  # topics overtake one another by so much
    if not len(rows):
        yield "No command came in before the stop."
        return
    last, values = int(rows[-1]), series.values[rows[-1]]
    age_s = -float(series.time_s[last])
    when = "just before" if age_s < 0.005 else f"{duration_words(age_s)} before"
    bad = [axis for axis, value in zip(facts.axes, values, strict=True) if not np.isfinite(value)]
    if bad:
        yield f"The last command, {when}, held no number for {_listed(bad)}."
        yield from _bad_since(facts, rows)
    elif age_s > SILENCE_S:
        yield f"The last command had come {when}: the source was silent."
    else:
        yield f"The last command came {when}{_asked(facts, values)}."


def _bad_since(facts: IncidentFacts, rows: Sequence[int]) -> Iterator[str]:
    is_bad = ~np.isfinite(facts.commanded.values[rows]).all(axis=1)
    if is_bad.all():
        return
    first = len(is_bad) - int(np.argmin(is_bad[::-1]))
    since_s = -float(facts.commanded.time_s[rows[first]])
    if len(is_bad) - first > 1:
        yield f"{len(is_bad) - first} such commands had come within {duration_words(since_s)}."
    else:
        yield "All before it were numbers."


def _asked(facts: IncidentFacts, values: np.ndarray) -> str:  # type: ignore[type-arg]
    """What a command asked for, beside where the robot was."""
    at = np.flatnonzero(facts.measured.time_s <= 0.0)
    if facts.unit != "rad" or not len(at):
        pairs = zip(facts.axes, values, strict=True)
        return " and asked for " + ", ".join(f"{axis} {value:.3g}" for axis, value in pairs)
    gaps = np.nan_to_num(np.abs(values - facts.measured.values[at[-1]]))
    axis = int(np.argmax(gaps))
    if gaps[axis] < NEAR_RAD:
        return "; it asked for the place where the robot was"
    return f"; it asked {facts.axes[axis]} for {values[axis]:.3f} rad, {gaps[axis]:.3f} rad from where it was"


def _policy(facts: IncidentFacts) -> Iterator[str]:
    before = [p for p in facts.policy if p.time_s <= 0.0]
    if not before:
        return
    last = before[-1]
    sentence = f' "{last.instruction}"' if last.instruction else " no instruction"
    detail = f" ({last.detail})" if last.detail else ""
    yield f"The policy {last.model or 'without a name'} was {last.state}{detail}, with{sentence}."


def _stood(facts: IncidentFacts) -> Iterator[str]:
    if not len(facts.measured):
        return
    after_s = standing_s(facts)
    if after_s is None:
        yield "The robot was not seen to stand in this file."
        return
    if after_s < 0.02:
        yield "The robot stood at once."
        return
    axis, way = moved_after_stop(facts, after_s)
    unit = "rad" if facts.unit.startswith("rad") or axis == "wz" else "m"
    yield f"The robot stood {duration_words(after_s)} after the stop; {axis} went on by {way:.3g} {unit}."


def _went_on(facts: IncidentFacts) -> Iterator[str]:
    after_s = resumed_s(facts)
    if after_s is not None:
        yield f"It went on {duration_words(after_s)} after the stop."
        return
    later = [state for state in mode_changes(facts) if state.time_s > 0.0]
    if later and later[-1].mode not in STOPPED:
        words = MODE_STYLES.get(later[-1].mode, MODE_STYLES["unknown"]).words
        yield f"{duration_words(later[-1].time_s)} after the stop it was in {words}; it did not go on."
        return
    yield f"It was still stopped when the file ends, {facts.end_s:.1f} s after the stop."


def _again(facts: IncidentFacts) -> Iterator[str]:
    for state in mode_changes(facts):
        if state.time_s > 0.0 and state.mode in STOPPED and state.mode != facts.mode:
            words = MODE_STYLES[state.mode].words
            yield f"{duration_words(state.time_s)} after the stop: {words}: {state.reason}."
    stops = [s for s in mode_changes(facts) if s.time_s > 0.0 and s.mode == facts.mode]
    if stops:
        last = stops[-1]
        times = "again" if len(stops) == 1 else f"{len(stops)} times more, the last time"
        yield f"It was stopped {times} after {duration_words(last.time_s)}: {last.reason}."


def _listed(names: Sequence[str]) -> str:
    """All of few, the first of many."""
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} and {len(names) - 1} others"
