"""What a black box file tells, as numbers and words with times: zero is the moment of the stop."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.data.blackbox.incident_reading import Heard, Recording
from noetra_ros.evaluation.records import SafetyEventRecord

TWIST_AXES = ("vx", "vy", "wz")
TOOL_AXES = ("vx", "vy", "vz", "wx", "wy", "wz")
PICTURE_ROLE = "picture "


@dataclass(frozen=True)
class Series:
    """Numbers over time.

    Attributes:
        time_s: (n,) s since the stop.
        values: (n, d); NaN where something was no number or missing.
    """

    time_s: FloatArray
    values: FloatArray

    def __len__(self) -> int:
        return len(self.time_s)


def no_series(width: int = 0) -> Series:
    """A series that was not recorded."""
    return Series(np.zeros(0), np.zeros((0, width)))


@dataclass(frozen=True)
class StateAt:
    """What the supervisor said of itself; `mode` is a name of SafetyState.MODE_*, small letters."""

    time_s: float
    mode: str
    reason: str
    scale: float


@dataclass(frozen=True)
class PersonAt:
    """The nearest pair of link and person; distances in m, NaN where nobody was near."""

    time_s: float
    link: str
    track_id: int
    distance_m: float
    required_m: float


@dataclass(frozen=True)
class PolicyAt:
    """What the policy did; `state` is a name of PolicyStatus.STATE_*, small letters."""

    time_s: float
    state: str
    detail: str
    instruction: str
    model: str


@dataclass(frozen=True)
class PictureAt:
    """A small picture of one camera, JPEG."""

    time_s: float
    camera: str
    jpeg: bytes


@dataclass(frozen=True)
class IncidentFacts:
    """All of one incident.

    Attributes:
        stop_utc_ns: moment of the first stop.
        mode: mode that it led to, or ``silent``.
        check: that asked for it.
        reason: in the supervisor's words.
        robot: name of the profile.
        axes: names of the joints, or vx, vy, wz.
        unit: of commands and measurements.
        start_s: first record, s since the stop.
        end_s: last record.
        states: one for each report.
        events: time_s since the stop.
        commanded: commands as they came in.
        passed: commands that the controller got.
        measured: what the robot did.
        people: nearest pair of link and person.
        obstacles: (n, 1) how many there were.
        policy: its reports.
        pictures: of all cameras.
        caveats: what the reader has to know of the file itself: lock_step, simulation, cut, no_joint_states,
            no_odometry.
    """

    stop_utc_ns: int
    mode: str
    check: str
    reason: str
    robot: str = ""
    axes: tuple[str, ...] = ()
    unit: str = ""
    start_s: float = 0.0
    end_s: float = 0.0
    states: Sequence[StateAt] = ()
    events: Sequence[SafetyEventRecord] = ()
    commanded: Series = field(default_factory=no_series)
    passed: Series = field(default_factory=no_series)
    measured: Series = field(default_factory=no_series)
    people: Sequence[PersonAt] = ()
    obstacles: Series = field(default_factory=no_series)
    policy: Sequence[PolicyAt] = ()
    pictures: Sequence[PictureAt] = ()
    caveats: Sequence[str] = ()


UNITS = {
    CommandKind.JOINT_POSITION: "rad",
    CommandKind.JOINT_VELOCITY: "rad/s",
    CommandKind.BASE_TWIST: "m/s, rad/s",
    CommandKind.EE_TWIST: "m/s, rad/s",
    CommandKind.GRIPPER: "rad or m",
}


def facts_of(recording: Recording) -> IncidentFacts:
    """Sort a recording by what a person asks of it."""
    about = recording.metadata
    stop_ns = int(about["stop_utc_ns"])
    kind = CommandKind(about["command_kind"])
    axes = tuple(json.loads(about["joints"])) or (TOOL_AXES if kind is CommandKind.EE_TWIST else TWIST_AXES)
    times_s = [_time_s(heard, stop_ns) for row in recording.heard.values() for heard in row]
    series = _SeriesReader(recording, stop_ns, len(axes))
    return IncidentFacts(
        stop_utc_ns=stop_ns,
        mode=about["mode"],
        check=about["check"],
        reason=about["reason"],
        robot=about["robot"],
        axes=axes,
        unit=UNITS[kind],
        start_s=min(times_s, default=0.0),
        end_s=max(times_s, default=0.0),
        states=[_state(recording, heard, stop_ns) for heard in recording.of("safety_state")],
        events=[_event(recording, heard, stop_ns) for heard in recording.of("safety_event")],
        commanded=series.of("command_in", lambda message: _command(message, axes)),
        passed=series.of("command_out", lambda message: _command(message, axes)),
        measured=_measured(series, kind, axes),
        people=[_person(heard, stop_ns) for heard in recording.of("separation")],
        obstacles=_SeriesReader(recording, stop_ns, 1).of("obstacles", lambda m: [len(m.obstacles)]),
        policy=[_policy(recording, heard, stop_ns) for heard in recording.of("policy_status")],
        pictures=_pictures(recording, stop_ns),
        caveats=_caveats(recording),
    )


@dataclass(frozen=True)
class _SeriesReader:
    """Makes series of messages; rows of another length are filled up with NaN, or cut."""

    recording: Recording
    stop_ns: int
    width: int

    def of(self, role: str, read: Callable[[Any], Sequence[float]]) -> Series:
        heard = self.recording.of(role)
        values = np.full((len(heard), self.width), np.nan)
        for row, each in enumerate(heard):
            given = list(read(each.message))[: self.width]
            values[row, : len(given)] = given
        return Series(np.array([_time_s(each, self.stop_ns) for each in heard]), values)


def _measured(series: _SeriesReader, kind: CommandKind, axes: Sequence[str]) -> Series:
    if kind is CommandKind.BASE_TWIST:
        return series.of("odom", lambda message: _planar(message.twist.twist))
    if kind is CommandKind.EE_TWIST:
        return no_series()  # nothing measures the twist of a tool
    part = "velocity" if kind is CommandKind.JOINT_VELOCITY else "position"
    return series.of("joint_states", lambda m: _by_name(m.name, getattr(m, part), axes))


def _command(message: Any, axes: Sequence[str]) -> Sequence[float]:
    """Values of any of the five command messages, in the order of `axes`."""
    if hasattr(message, "data"):
        return [float(value) for value in message.data]
    if hasattr(message, "points"):
        positions = message.points[-1].positions if message.points else []
        return _by_name(message.joint_names, positions, axes)
    if hasattr(message, "position"):
        return _by_name(message.name, message.position, axes)
    twist = getattr(message, "twist", message)
    return _planar(twist) if tuple(axes) == TWIST_AXES else _parts(twist)


def _parts(twist: Any) -> Sequence[float]:
    linear, angular = twist.linear, twist.angular
    return (linear.x, linear.y, linear.z, angular.x, angular.y, angular.z)


def _planar(twist: Any) -> Sequence[float]:
    return [twist.linear.x, twist.linear.y, twist.angular.z]


def _by_name(names: Sequence[str], values: Sequence[float], axes: Sequence[str]) -> Sequence[float]:
    known = dict(zip(names, values, strict=False))
    return [known.get(axis, np.nan) for axis in axes]


def _time_s(heard: Heard, stop_ns: int) -> float:
    return (heard.at_ns - stop_ns) * 1e-9


def _state(recording: Recording, heard: Heard, stop_ns: int) -> StateAt:
    message = heard.message
    mode = recording.word("safety_state", "MODE_", message.mode)
    return StateAt(_time_s(heard, stop_ns), mode, message.reason, message.scale)


def _event(recording: Recording, heard: Heard, stop_ns: int) -> SafetyEventRecord:
    message = heard.message
    return SafetyEventRecord(
        time_s=_time_s(heard, stop_ns),
        check=message.check,
        action=recording.word("safety_event", "ACTION_", message.action),
        subject=message.subject,
        measured=message.measured,
        limit=message.limit,
        unit=message.unit,
        reason=message.reason,
        mode=recording.word("safety_state", "MODE_", message.mode),
        repeats=message.repeats,
    )


def _person(heard: Heard, stop_ns: int) -> PersonAt:
    message = heard.message
    gap = (message.distance, message.required) if message.has_person else (np.nan, np.nan)
    return PersonAt(_time_s(heard, stop_ns), message.link, message.track_id, *gap)


def _policy(recording: Recording, heard: Heard, stop_ns: int) -> PolicyAt:
    message = heard.message
    state = recording.word("policy_status", "STATE_", message.state)
    return PolicyAt(_time_s(heard, stop_ns), state, message.detail, message.instruction, message.model)


def _pictures(recording: Recording, stop_ns: int) -> list[PictureAt]:
    return [
        PictureAt(_time_s(heard, stop_ns), role.removeprefix(PICTURE_ROLE), bytes(heard.message.data))
        for role, row in recording.heard.items()
        if role.startswith(PICTURE_ROLE)
        for heard in row
    ]


def _caveats(recording: Recording) -> list[str]:
    """Names of what is to be said; the languages have the words."""
    about, found = recording.metadata, []
    if about.get("is_lock_step") == "true":
        found.append("lock_step")
    elif about.get("is_simulated") == "true":
        found.append("simulation")
    if about.get("is_cut") == "true":
        found.append("cut")
    is_base = about["command_kind"] == "base_twist"
    if not recording.of("odom" if is_base else "joint_states"):
        found.append("no_odometry" if is_base else "no_joint_states")
    return found
