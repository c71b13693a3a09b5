"""Two answers side by side: every part that differs is named, in the words that a person reads."""

import dataclasses
import math

import numpy as np
import pytest

from noetra_ros.safety.attributes import changed
from noetra_ros.safety.events import Event
from noetra_ros.safety.judged_separation import SeparationJudgement
from noetra_ros.safety.modes import Mode, Transition
from noetra_ros.safety.replay.differences import words_of
from noetra_ros.safety.replay.packing import packer, unpacked
from noetra_ros.safety.report import Decision, Part, SafetyReport
from noetra_ros.safety.separation import SeparationTerms
from noetra_ros.safety.verdict import Action, Verdict

AXES = {"": ("shoulder", "elbow"), "base": ("vx", "vy", "wz")}
TERMS = SeparationTerms(0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
NEAR = SeparationJudgement("hand", 7, 1.5, TERMS, 0.5, 0.25, 0.5, True)
REPORT = SafetyReport(
    Mode.ACTIVE, "", ("velocity", "position"), 1.0, True, False, False, 9, 8, 1, 0.01, separation=NEAR
)
EVENT = Event(Verdict("velocity", Action.CLAMP, "too fast", 1.0, "elbow", 2.5, 2.0, "rad/s"), Mode.ACTIVE)
CHANGE = Transition(Mode.STANDBY, Mode.ACTIVE, "armed")
ANSWER = Decision(np.array([0.1, 0.2]), (EVENT,), (CHANGE,), REPORT)


def plain(answer):
    (found,) = unpacked(packer()(answer))
    return found


def told(now, then=ANSWER):
    return list(words_of(plain(then), plain(now), AXES))


def answer(**changes):
    return changed(ANSWER, **changes)


def reporting(**changes):
    return answer(report=changed(REPORT, **changes))


CASES = {
    "nothing": (ANSWER, []),
    "a value": (answer(values=np.array([0.1, 0.25])), ["values.elbow: 0.2 then, 0.25 now"]),
    "both values": (
        answer(values=np.array([0.3, 0.25])),
        ["values.shoulder: 0.1 then, 0.3 now", "values.elbow: 0.2 then, 0.25 now"],
    ),
    "nothing sent": (answer(values=None), ["values: [0.1, 0.2] then, nothing now"]),
    "other axes": (answer(values=np.zeros(3)), ["values: [0.1, 0.2] then, [0.0, 0.0, 0.0] now"]),
    "a refusal": (answer(refusal="no"), ["refusal: '' then, 'no' now"]),
    "the mode": (reporting(mode=Mode.FAULT), ["report.mode: ACTIVE then, FAULT now"]),
    "a truth": (reporting(is_armed=False), ["report.is_armed: True then, False now"]),
    "checks": (
        reporting(active_checks=("velocity",)),
        ["report.active_checks: ['velocity', 'position'] then, ['velocity'] now"],
    ),
    "other checks": (
        answer(report=changed(REPORT, active_checks=("jerk", "rate"))),
        ["report.active_checks: ['velocity', 'position'] then, ['jerk', 'rate'] now"],
    ),
    "a distance": (
        reporting(separation=dataclasses.replace(NEAR, distance_m=1.25)),
        ["report.separation.distance_m: 1.5 then, 1.25 now"],
    ),
    "a term": (
        reporting(separation=dataclasses.replace(NEAR, terms=dataclasses.replace(TERMS, sensor_m=0.75))),
        ["report.separation.terms.sensor_m: 0.5 then, 0.75 now"],
    ),
    "an event less": (answer(events=()), ["event[0]: velocity CLAMP: too fast then, nothing now"]),
    "an event more": (
        answer(events=(EVENT, dataclasses.replace(EVENT, verdict=Verdict("jerk", Action.STOP, "hard")))),
        ["event[1]: nothing then, jerk STOP: hard now"],
    ),
    "an event's mode": (
        answer(events=(dataclasses.replace(EVENT, mode=Mode.SLOWED),)),
        ["event[0].mode: ACTIVE then, SLOWED now"],
    ),
    "a verdict": (
        answer(events=(dataclasses.replace(EVENT, verdict=Verdict("velocity", Action.SLOW, "too fast")),)),
        [
            "event[0].verdict.action: CLAMP then, SLOW now",
            "event[0].verdict.subject: 'elbow' then, '' now",
            "event[0].verdict.measured: 2.5 then, nan now",
            "event[0].verdict.limit: 2.0 then, nan now",
            "event[0].verdict.unit: 'rad/s' then, '' now",
        ],
    ),
    "a change less": (
        answer(transitions=()),
        ["transition[0]: STANDBY -> ACTIVE (armed) then, nothing now"],
    ),
    "a change to another": (
        answer(transitions=(dataclasses.replace(CHANGE, before=Mode.FAULT, after=Mode.SLOWED),)),
        ["transition[0].before: STANDBY then, FAULT now", "transition[0].after: ACTIVE then, SLOWED now"],
    ),
    "two changes more": (
        answer(transitions=(CHANGE, CHANGE, CHANGE)),
        [
            "transition[1]: nothing then, STANDBY -> ACTIVE (armed) now",
            "transition[2]: nothing then, STANDBY -> ACTIVE (armed) now",
        ],
    ),
}


@pytest.mark.parametrize(("now", "lines"), CASES.values(), ids=CASES)
def test_each_part_that_differs_is_named(now, lines):
    assert told(now) == lines


def to_the_base(wz_radps):
    """What goes to one of several channels."""
    return answer(values=None, parts=(Part("base", np.array([0.3, 0.0, wz_radps]), math.nan),))


def test_a_value_of_one_of_several_channels_is_named():
    assert told(to_the_base(0.25), to_the_base(0.5)) == ["part[0].values.wz: 0.5 then, 0.25 now"]
    (line,) = told(answer(values=None), to_the_base(0.5))
    assert line == "part[0]: ['base', [0.3, 0.0, 0.5], nan] then, nothing now"


def test_the_last_bit_is_told():
    """A robot that is told 1e-17 rad more has decided otherwise."""
    bit = answer(values=np.array([math.nextafter(0.1, 1.0), 0.2]))
    assert told(bit) == ["values.shoulder: 0.1 then, 0.10000000000000002 now"]


def test_a_number_that_is_none_is_the_same_as_itself():
    nan = answer(values=np.array([math.nan, 0.2]))
    assert told(nan, nan) == [] and told(nan)[0].endswith("0.1 then, nan now")


def test_an_answer_where_there_was_none_is_told_whole():
    assert list(words_of(None, "ValueError: no", AXES)) == ["answer: nothing then, 'ValueError: no' now"]
    assert next(words_of(plain(ANSWER), None, AXES)).startswith("answer: [[0.1, 0.2], ")


def test_an_answer_of_another_version_is_told_whole():
    assert next(words_of([1, 2], plain(ANSWER), AXES)).startswith("answer: [1, 2] then, [[0.1, 0.2], ")
    assert list(words_of([1, 2], [1, 3], AXES)) == ["answer: [1, 2] then, [1, 3] now"]
