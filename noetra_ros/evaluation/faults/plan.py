"""The plan of the fault campaign, `config/faults.yaml`, typed: the cells and what each declares."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.resources import share_folder
from noetra_ros.evaluation.faults.terms import value_of
from noetra_ros.robots.profile import load_robot

AT = "@"  # "stuck@base": of that station alone


class Reaction(Enum):
    """What the robot has to do when the fault comes."""

    PASS_ON = "pass on"  # goes on moving, no stop
    LIMITED = "limited"  # may go on or stop; no limit is passed
    SLOWED = "slowed"  # slower, or stopped
    STANDS = "stands"  # comes to rest without a stop of the supervisor: nothing drives it on
    PROTECTIVE_STOP = "protective stop"
    EMERGENCY_STOP = "emergency stop"
    FAULT = "fault"
    CONTROLLER_STOPS = "controller stops"  # commands end; the robot's own controller stops it

    @property
    def mode(self) -> str:
        """Mode of the supervisor that it is told by; empty = none."""
        return self.value.replace(" ", "_") if self in MODES else ""


MODES = (Reaction.SLOWED, Reaction.PROTECTIVE_STOP, Reaction.EMERGENCY_STOP, Reaction.FAULT)


class Then(Enum):
    """What happens when the fault is gone."""

    GOES_ON = "goes on"  # by itself
    LATCHED = "latched"  # until a person resets and arms
    STAYS = "stays"  # stands until a person arms
    GONE = "gone"  # a node is missing: the graph has to be started again


@dataclass(frozen=True)
class CellPlan:
    """What is declared of one fault on one subject."""

    reaction: Reaction | None = setting(description="empty with `senseless`", default=None)
    within: str = setting("s", "until it is told, or rest begins; a sum of settings", default="")
    then: Then = setting(description="when the fault is gone", default=Then.GOES_ON)
    lasts: bool = setting(description="the stop lasts as long as the fault", default=True)
    arming: str = setting(
        description="of a disarmed robot while the fault is there", choices=("", "refused"), default=""
    )
    hazard: str = setting(description="of config/hazards.yaml; empty = that of the subject", default="")
    why: str = setting(description="for who reads the table", default="")
    senseless: str = setting(description="why there is no such cell; empty = there is", default="")
    quick: tuple[str, ...] = setting(description="stations of the short campaign that have it", default=())
    stations: tuple[str, ...] = setting(description="only there; empty = where the subject is", default=())

    def __post_init__(self) -> None:
        if (self.reaction is None) == (not self.senseless):
            fault = Fault("reaction", f"{self.reaction} with senseless {self.senseless!r}", "one of the two")
            raise ConfigError("config/faults.yaml", [fault])


@dataclass(frozen=True)
class SubjectPlan:
    """One input of the graph, or one fault of nodes, with its cells."""

    what: str = setting(description="which topic and consumer, or what is done")
    hazard: str = setting(description="of config/hazards.yaml")
    stations: tuple[str, ...] = setting(description="where it is tried")
    cells: dict[str, CellPlan] = setting(description="by failure type or node; NAME@STATION for one station")
    freshness: str = setting("s", "age at which it counts as old; a sum of settings", default="")

    def cell(self, name: str, station: str) -> CellPlan | None:
        """What is declared at a station; None = nothing."""
        return self.cells.get(f"{name}{AT}{station}") or self.cells.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Failure types or nodes that something is declared of."""
        return tuple(dict.fromkeys(key.partition(AT)[0] for key in self.cells))


@dataclass(frozen=True)
class Station:
    """A graph in which cells are tried."""

    robot: str = setting(description="profile")
    perception: bool = setting(description="with perception and its cameras", default=False)
    blackbox: bool = setting(description="with the black box", default=False)
    played_perception: bool = setting(
        description="the campaign itself tells of somebody far away, as perception would", default=False
    )


@dataclass(frozen=True)
class FaultPlan:
    """All that is tried."""

    allowance_s: float = setting("s", "of a machine without real-time scheduling", minimum=0.0, maximum=0.5)
    stations: dict[str, Station] = setting(description="by name")
    inputs: dict[str, SubjectPlan] = setting(description="by name; cells by failure type")
    node_faults: dict[str, SubjectPlan] = setting(description="by name; cells by node")


@dataclass(frozen=True)
class Cell:
    """One fault on one subject at one station.

    Attributes:
        station: name.
        subject: input, or node.
        fault: failure type, or node fault.
        is_input: of an input.
        plan: what is declared.
        hazard: of config/hazards.yaml.
        within_s: declared time, allowance included.
        freshness_s: age at which the input counts as old; 0 = not declared.
    """

    station: str
    subject: str
    fault: str
    is_input: bool
    plan: CellPlan
    hazard: str
    within_s: float
    freshness_s: float

    @property
    def name(self) -> str:
        """Unique, e.g. ``arm/joint_states/stuck``."""
        return f"{self.station}/{self.subject}/{self.fault}"

    @property
    def is_quick(self) -> bool:
        """Part of the short campaign."""
        return self.station in self.plan.quick

    @property
    def reaction(self) -> Reaction:
        """What is declared; never asked of a senseless cell."""
        assert self.plan.reaction is not None, self.name
        return self.plan.reaction


def load_plan(path: Path | None = None) -> FaultPlan:
    """The shipped plan, or another.

    Raises:
        ConfigError: every fault of the file.
    """
    chosen = path or share_folder() / "config" / "faults.yaml"
    plan = load(FaultPlan, read_yaml(chosen), str(chosen))
    faults = [
        Fault(f"{name}.stations", station, f"one of {', '.join(plan.stations)}")
        for name, subject in [*plan.inputs.items(), *plan.node_faults.items()]
        for station in subject.stations
        if station not in plan.stations
    ]
    if faults:
        raise ConfigError(str(chosen), faults)
    return plan


def plan_for(plan: FaultPlan, robot: str) -> FaultPlan:
    """The same plan with another robot, at the stations whose own has a default channel of the same kind.

    Stations with perception are left out: their cells are about the cameras of the robot that they name.

    Raises:
        ConfigError: unknown robot, or no station has one of its kind.
    """
    kind = load_robot(robot).channel().kind
    plain = {n: s for n, s in plan.stations.items() if not (s.perception or s.played_perception)}
    stations = {
        name: dataclasses.replace(station, robot=robot)
        for name, station in plain.items()
        if load_robot(station.robot).channel().kind is kind
    }
    if not stations:
        kinds = ", ".join(sorted({load_robot(s.robot).channel().kind.value for s in plain.values()}))
        raise single_fault(f"robot {robot}", "default_channel", kind.value, f"one of {kinds}")
    return dataclasses.replace(plan, stations=stations)


def cells_of(plan: FaultPlan, station: str, values: Mapping[str, float]) -> Iterator[Cell]:
    """Every cell of a station, senseless ones too: first those of inputs.

    Args:
        plan: what is tried.
        station: where.
        values: what the names in times mean there.

    Raises:
        ConfigError: a name in a time that means nothing.
    """
    for is_input, subjects in ((True, plan.inputs), (False, plan.node_faults)):
        for name, subject in subjects.items():
            if station not in subject.stations:
                continue
            freshness_s = value_of(subject.freshness, values, f"{name}.freshness")
            for other in subject.names:
                declared = subject.cell(other, station)
                if declared is None or (declared.stations and station not in declared.stations):
                    continue
                within_s = value_of(declared.within, values, f"{name}.{other}.within")
                yield Cell(
                    station=station,
                    subject=name if is_input else other,
                    fault=other if is_input else name,
                    is_input=is_input,
                    plan=declared,
                    hazard=declared.hazard or subject.hazard,
                    within_s=within_s + plan.allowance_s,
                    freshness_s=freshness_s,
                )
