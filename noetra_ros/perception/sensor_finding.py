"""What a finding is: one thing that can be wrong with a sensor, and how it is noticed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Protocol

from noetra_ros.core.config import load
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.core.registry import Registry
from noetra_ros.perception.sensor_sample import SensorView


class Judgement(Enum):
    """What one look came to."""

    FINE = "fine"
    SUSPECT = "suspect"
    UNJUDGED = "unjudged"  # what it takes to judge is not there


@dataclass(frozen=True)
class Symptom:
    """Outcome of one look.

    Attributes:
        judgement: what it came to.
        words: measured value and limit, for a person; empty when fine.
    """

    judgement: Judgement
    words: str = ""


FINE = Symptom(Judgement.FINE)


def suspect(words: str) -> Symptom:
    """Something is wrong."""
    return Symptom(Judgement.SUSPECT, words)


def unjudged(words: str) -> Symptom:
    """It cannot be told."""
    return Symptom(Judgement.UNJUDGED, words)


class Finding(Protocol):
    """A frozen dataclass whose fields are its settings, thresholds without default; the state that it needs
    from one look to the next is handed in and given back.

    Attributes:
        verdict: what the report says. is_timed: looks at every instant; else at every new measurement.
            frames: suspect looks in a row after which it is told. The promise: the fault is found at the
            latest this
            many measurements after it has begun.
    """

    verdict: ClassVar[SensorVerdict]
    is_timed: ClassVar[bool]

    @property
    def frames(self) -> int:
        """Suspect looks in a row after which it is told."""
        ...

    def update(self, memory: Any, view: SensorView) -> tuple[Any, Symptom]:
        """One look. Pure.

        Args:
            memory: what the last look gave back; None at the first.
            view: the newest measurement and the one before.
        """
        ...


def found_within(finding: Finding, period_s: float) -> int:
    """The promise: a fault is found at the latest at this measurement after it has begun.

    A finding that counts otherwise than by `frames` says so by a method of this name.
    """
    own = getattr(finding, "found_within", None)
    return int(own(period_s)) if own is not None else finding.frames


FINDINGS: Registry[type[Finding]] = Registry("sensor finding", "noetra_ros.perception.health")


def build_findings(names: Sequence[str], values: Mapping[str, Any]) -> dict[str, Finding]:
    """The configured findings by name, in the given order: of several, the first is reported.

    Args:
        names: files of noetra_ros/perception/health.
        values: settings by field name; each finding takes those that it has a field for.

    Raises:
        ConfigError: no names, unknown names, missing or wrong settings: every fault at once.
    """
    built: dict[str, Finding] = {}
    faults: list[Fault] = []
    for name in names:
        try:
            built[name] = _build(name, values)
        except ConfigError as error:
            faults += [dataclasses.replace(fault, key=f"{name}: {fault.key}") for fault in error.faults]
    if not names:
        faults.append(Fault("findings", "none", "at least one", "see config/perception.yaml"))
    if faults:
        raise ConfigError("sensor findings", faults)
    return built


def _build(name: str, values: Mapping[str, Any]) -> Finding:
    kind: Any = FINDINGS.get(name)
    fields = [field.name for field in dataclasses.fields(kind)]
    finding: Finding = load(kind, {key: values[key] for key in fields if key in values}, name)
    return finding
