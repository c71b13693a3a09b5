"""Whether sensors can be believed: every finding over every sensor, and what is reported of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import SensorReport, SensorVerdict
from noetra_ros.perception.sensor_finding import Finding, Judgement, Symptom
from noetra_ros.perception.sensor_sample import SensorFacts, SensorSample, SensorView


@dataclass(frozen=True, kw_only=True)
class HealthSettings:
    """Which findings run, and when one is over. Those of the findings themselves: `FindingSettings`."""

    findings: tuple[str, ...] = setting(
        description="what sensors are examined for, files of noetra_ros/perception/health; the first that is "
        "found is reported"
    )
    recover_frames: int = setting(
        "1", "a finding is over after this many good measurements in a row", minimum=1, maximum=1000
    )


@dataclass
class _Course:
    """How one finding has gone at one sensor."""

    memory: Any = None
    suspects: int = 0  # in a row
    goods: int = 0  # in a row
    is_found: bool = False
    symptom: Symptom | None = None  # the newest that says something


class SensorHealth:
    """Keeps the course of each finding for each sensor. Not thread-safe.

    Args:
        findings: by name, most important first.
        sensors: those that there should be.
        recover_frames: good looks in a row after which a finding is over.
    """

    def __init__(
        self, findings: Mapping[str, Finding], sensors: Sequence[SensorFacts], recover_frames: int
    ) -> None:
        self._findings, self._recover = findings, recover_frames
        self._facts = {facts.name: facts for facts in sensors}
        self._courses = {facts.name: {name: _Course() for name in findings} for facts in sensors}
        self._newest: dict[str, SensorSample] = {}

    def add(self, sample: SensorSample) -> None:
        """A new measurement; every finding that judges measurements looks at it."""
        view = SensorView(
            self._facts[sample.sensor], sample.arrival_ns, sample, self._newest.get(sample.sensor)
        )
        self._newest[sample.sensor] = sample
        for name, finding in self._findings.items():
            if not finding.is_timed:
                self._look(finding, self._courses[sample.sensor][name], view)

    def reports(self, now_ns: int) -> tuple[SensorReport, ...]:
        """One report for each sensor, as of now."""
        return tuple(self._report(name, now_ns) for name in self._facts)

    def _report(self, sensor: str, now_ns: int) -> SensorReport:
        view = SensorView(self._facts[sensor], now_ns, self._newest.get(sensor))
        courses = self._courses[sensor]
        for name, finding in self._findings.items():
            if finding.is_timed:
                self._look(finding, courses[name], view)
        found = next((name for name in self._findings if courses[name].is_found), None)
        if found is not None:
            return SensorReport(sensor, self._findings[found].verdict, _words(courses[found]))
        if sensor not in self._newest:
            return SensorReport(sensor, SensorVerdict.UNKNOWN, "nothing received yet")
        return SensorReport(sensor, SensorVerdict.OK)

    def _look(self, finding: Finding, course: _Course, view: SensorView) -> None:
        course.memory, symptom = finding.update(course.memory, view)
        if symptom.judgement is Judgement.SUSPECT:
            course.suspects, course.goods, course.symptom = course.suspects + 1, 0, symptom
            course.is_found = course.is_found or course.suspects >= finding.frames
            return
        course.suspects = 0
        if symptom.judgement is Judgement.FINE:  # what cannot be judged heals nothing
            course.goods += 1
            if finding.is_timed or course.goods >= self._recover:
                course.is_found = False


def _words(course: _Course) -> str:
    return course.symptom.words if course.symptom is not None else ""
