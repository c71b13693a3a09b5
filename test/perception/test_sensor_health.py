"""Findings over time: told after so many looks, over after so many good ones; the first of several counts."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.perception.sensor_finding import FINDINGS, FINE, build_findings, suspect, unjudged
from noetra_ros.perception.sensor_health import SensorHealth
from noetra_ros.perception.sensor_sample import SensorFacts, SensorSample

MS = 1_000_000


@dataclass(frozen=True)
class Says:
    """A finding that reads its judgement from the picture's first pixel: 0 fine, 1 suspect, 2 unjudged."""

    verdict: ClassVar = SensorVerdict.BLACK
    is_timed: ClassVar = False
    frames: int = 2

    def update(self, memory, view):
        count = (memory or 0) + 1
        return count, (FINE, suspect(f"look {count}"), unjudged("no"))[view.sample.rgb[0, 0, 0]]


def verdicts(values, findings, recover_frames=2):
    health = SensorHealth(findings, [SensorFacts("eye", 0.1)], recover_frames)
    told = []
    for i, value in enumerate(values):
        rgb = np.full((2, 2, 3), value, np.uint8)
        health.add(SensorSample("eye", i * 100 * MS, i * 100 * MS, rgb=rgb))
        told.append(health.reports(i * 100 * MS)[0])
    return told


def test_a_finding_is_told_after_its_number_of_looks_in_a_row():
    told = verdicts([0, 1, 0, 1, 1, 1], {"says": Says()})
    assert [r.verdict.name for r in told] == ["OK", "OK", "OK", "OK", "BLACK", "BLACK"]
    assert told[-1].detail == "look 6"


def test_it_is_over_after_enough_good_looks_and_what_cannot_be_judged_is_not_good():
    told = verdicts([1, 1, 0, 2, 2, 0, 0], {"says": Says()})
    assert [r.verdict.name for r in told] == ["OK", "BLACK", "BLACK", "BLACK", "BLACK", "OK", "OK"]


def test_the_first_of_several_is_reported():
    findings = build_findings(["silent"], {"silent_s": 0.01})
    health = SensorHealth({"says": Says(1), **findings}, [SensorFacts("eye", 0.1)], 1)
    health.add(SensorSample("eye", 0, 0, rgb=np.ones((2, 2, 3), np.uint8)))
    assert health.reports(500 * MS)[0].verdict is SensorVerdict.BLACK


def test_a_sensor_that_never_spoke_is_unknown():
    health = SensorHealth(build_findings(["silent"], {"silent_s": 0.3}), [SensorFacts("eye", 0.1)], 1)
    (report,) = health.reports(0)
    assert (report.verdict, report.detail) == (SensorVerdict.UNKNOWN, "nothing received yet")


def test_a_missing_setting_and_an_unknown_finding_are_told_at_once():
    with pytest.raises(ConfigError) as caught:
        build_findings(["silent", "tired"], {})
    assert "silent: silent_s" in str(caught.value) and "tired" in str(caught.value)


def test_no_finding_at_all_is_refused():
    with pytest.raises(ConfigError, match="at least one"):
        build_findings([], {})


def test_every_finding_names_a_verdict_of_its_own():
    verdicts_of = [FINDINGS.get(name).verdict for name in FINDINGS.names()]
    assert len(set(verdicts_of)) == len(verdicts_of) == 7
    assert not {SensorVerdict.OK, SensorVerdict.UNKNOWN} & set(verdicts_of)
