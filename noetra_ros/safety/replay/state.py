"""All that a supervisor remembers, taken out in one instant and put into another one built alike.

A recording can begin at any call: each of its files holds the state before its first one.
"""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import is_dataclass, replace
from enum import Enum
from typing import Any

import numpy as np

from noetra_ros.core.obstacles import (
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.safety.attributes import attributes_of
from noetra_ros.safety.check_round import CheckRound
from noetra_ros.safety.events import EventLog, _Series
from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.inputs import Inputs
from noetra_ros.safety.judged_separation import SeparationJudgement
from noetra_ros.safety.limiter import AxisMotion
from noetra_ros.safety.lookout import Counters
from noetra_ros.safety.modes import Mode, ModeMachine, Transition
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.others import Others
from noetra_ros.safety.output import Output
from noetra_ros.safety.pace import SetpointClock
from noetra_ros.safety.projection.projection import Projection
from noetra_ros.safety.projection.rooms import Rooms
from noetra_ros.safety.reckoning import Pose, Reckoning
from noetra_ros.safety.replay.packing import field_names
from noetra_ros.safety.scale_ramp import ScaleRamp
from noetra_ros.safety.separation import SeparationTerms
from noetra_ros.safety.supervisor import Supervisor
from noetra_ros.safety.surroundings import CycleTime, Surroundings
from noetra_ros.safety.trajectory.execution import Execution, Phase
from noetra_ros.safety.twist_trail import TwistTrail
from noetra_ros.safety.verdict import Action, Verdict


class State(dict[str, Any]):
    """What one part of a supervisor remembers, by attribute; parts of it are states themselves."""


# What remembers, and which of its attributes come from the set-up: a replay builds those itself.
PARTS: dict[type, frozenset[str]] = {
    GatedTogether: frozenset({"_main"}),
    Supervisor: frozenset({"limits", "_settings", "_proposer"}),
    Counters: frozenset(),
    Inputs: frozenset({"_limits"}),
    Output: frozenset({"_is_twist", "_stop_lead_s", "_pause_s"}),
    ChannelMotion: frozenset({"limits"}),
    Reckoning: frozenset(),
    TwistTrail: frozenset(),
    SetpointClock: frozenset({"_period_ns"}),
    CheckRound: frozenset({"checks", "_silences", "_limits", "_inputs", "_output", "_is_base", "_has_rest"}),
    Surroundings: frozenset(),
    CycleTime: frozenset({"_period_s"}),
    ModeMachine: frozenset({"_resumes_by_itself", "_resume_after_ns"}),
    ScaleRamp: frozenset({"_rise_per_s"}),
    EventLog: frozenset(),
    Projection: frozenset(
        {"left_out", "_barriers", "_limits", "_is_followed", "_columns", "_told", "_speeds", "_points"}
    ),
    Execution: frozenset({"_limits", "_motion", "_projection"}),
    Rooms: frozenset({"_barriers", "_columns", "_seeing", "_bounded", "_spans", "reach", "_reach"}),
}
VALUES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Command, PlanarScan, ObstacleScene, Obstacle, SensorReport, Verdict, Transition, _Series,
        SeparationJudgement, SeparationTerms, AxisMotion, Pose, Others,
    )
}  # fmt: skip
CONTAINERS: dict[type, str] = {
    State: "state", dict: "dict", tuple: "tuple", set: "set", deque: "deque", np.ndarray: "array",
}  # fmt: skip
WORDS: dict[str, type[Enum]] = {
    kind.__name__: kind for kind in (CommandKind, ObstacleKind, Shape, SensorVerdict, Action, Mode, Phase)
}


def capture(part: Any) -> State:
    """What `part` and its parts remember now; nothing of it changes later. Quick: to be packed elsewhere.

    Raises:
        ValueError: a trajectory is under way: a file does not begin in one.
    """
    if isinstance(part, Execution) and part.is_under_way:
        raise ValueError("a trajectory is under way")
    fixed = PARTS[type(part)]
    return State((name, _held(value)) for name, value in attributes_of(part).items() if name not in fixed)


def _held(value: Any) -> Any:
    if type(value) in PARTS:
        return capture(value)
    if isinstance(value, dict):
        return {key: _item(item) for key, item in value.items()}
    return copy.copy(value) if isinstance(value, list | set | deque | np.ndarray) else value


def _item(item: Any) -> Any:
    """What a dict holds: supervisors of channels, series of events, or what does not change in place."""
    if isinstance(item, _Series):
        return copy.copy(item)
    return capture(item) if type(item) in PARTS else item


def restore(part: Any, state: State) -> None:
    """Make `part` remember what was captured from one like it.

    Raises:
        ValueError: the state is not one of such a part.
    """
    if isinstance(part, Rooms):
        part.see(state.get("_scene"))  # the rows come from it
    own = attributes_of(part)
    wanted = own.keys() - PARTS[type(part)]
    if wanted != state.keys():
        differing = ", ".join(sorted(wanted ^ state.keys()))
        raise ValueError(f"state of {type(part).__name__} and its record differ in: {differing}")
    for name, value in state.items():
        if isinstance(own[name], dict) and isinstance(value, dict) and _are_parts(own[name]):
            _restore_each(own[name], value)
            continue
        is_part = type(own[name]) in PARTS
        if is_part != isinstance(value, State) or _shape(own[name]) != _shape(value):
            raise ValueError(f"{type(part).__name__}.{name} of the record is not of this set-up")
        if is_part:
            restore(own[name], value)
        else:
            setattr(part, name, value)


def _are_parts(value: dict[Any, Any]) -> bool:
    return bool(value) and all(type(item) in PARTS for item in value.values())


def _restore_each(parts: dict[str, Any], states: dict[Any, Any]) -> None:
    """The same of several parts, by name."""
    if parts.keys() != states.keys() or not all(isinstance(state, State) for state in states.values()):
        raise ValueError(f"states of {', '.join(map(str, states))}, here are {', '.join(parts)}")
    for name, part in parts.items():
        restore(part, states[name])


def _shape(value: Any) -> tuple[int, ...]:
    """Of an array; only what the set-up sizes, the rooms to barriers, has two dimensions."""
    return value.shape if isinstance(value, np.ndarray) and value.ndim == 2 else ()


def plain_state(state: State) -> Any:
    """A captured state as MessagePack knows it: numbers, words and lists as they are, all else as one pair of
    its type and what it holds.

    Raises:
        TypeError: something of a type that is not known here.
    """
    return _Writing().plain(state)


def state_of(plain: Any) -> State:
    """A state from its plain form.

    Raises:
        ValueError: it is not one.
    """
    try:
        state = _Reading().value(plain)
    except (TypeError, KeyError, IndexError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    if not isinstance(state, State):
        raise ValueError(f"a {type(state).__name__}, expected a state")
    return state


class _Writing:
    """One state. A scene that comes twice is one thing, not two alike: barriers look at nothing else."""

    def __init__(self) -> None:
        self._scenes: list[ObstacleScene] = []

    def plain(self, value: Any) -> Any:
        """Plain form of a value."""
        kind = type(value)
        if value is None or kind in (bool, int, float, str):
            return value
        if kind is list:
            return [self.plain(item) for item in value]
        if isinstance(value, np.generic):
            return self.plain(value.item())
        if kind is ObstacleScene:
            for number, scene in enumerate(self._scenes):
                if scene is value:
                    return {"again": number}
            self._scenes.append(value)
        return {self._name(kind): self._content(value)}

    def _name(self, kind: type) -> str:
        name = CONTAINERS.get(kind, kind.__name__)
        if kind not in CONTAINERS and (WORDS.get(name) or VALUES.get(name)) is not kind:
            raise TypeError(f"a {name} in the state")
        return name

    def _content(self, value: Any) -> Any:
        if isinstance(value, State):
            return {name: self.plain(item) for name, item in value.items()}
        if isinstance(value, dict):
            return [[self.plain(key), self.plain(item)] for key, item in value.items()]
        if isinstance(value, np.ndarray):
            if value.dtype != np.float64:
                raise TypeError(f"an array of {value.dtype} in the state")
            return [value.shape, value.astype("<f8").tobytes()]
        if isinstance(value, deque):
            return [value.maxlen, [self.plain(item) for item in value]]
        if isinstance(value, Enum):
            return value.value
        return [self.plain(item) for item in _parts(value)]


def _parts(value: Any) -> list[Any]:
    """What a value is made of; the numbers for people that a check adds are not part of the state."""
    if isinstance(value, Verdict):
        value = replace(value, details=None)
    if is_dataclass(value):
        return [getattr(value, name) for name in field_names(type(value))]
    return sorted(value) if isinstance(value, set) else list(value)


class _Reading:
    """The other way."""

    def __init__(self) -> None:
        self._scenes: list[Any] = []

    def value(self, plain: Any) -> Any:
        """A value from its plain form."""
        if isinstance(plain, list):
            return [self.value(item) for item in plain]
        if not isinstance(plain, dict):
            return plain
        if len(plain) != 1:
            raise ValueError(f"{len(plain)} types of one value")
        ((kind, content),) = plain.items()
        if kind == "again":
            return self._scenes[content]
        if kind in WORDS:
            return WORDS[kind](content)
        if kind == "state":
            return State((name, self.value(item)) for name, item in content.items())
        if kind == "dict":
            return {self.value(key): self.value(item) for key, item in content}
        if kind == "array":
            shape, numbers = content
            return np.frombuffer(numbers, "<f8").astype(np.float64).reshape(shape)
        if kind == "deque":
            return deque(self.value(content[1]), maxlen=content[0])
        return self._made(kind, self.value(content))

    def _made(self, kind: str, items: list[Any]) -> Any:
        if kind in ("tuple", "set"):
            return tuple(items) if kind == "tuple" else set(items)
        made = VALUES[kind](*items)
        if isinstance(made, ObstacleScene):
            self._scenes.append(made)
        return made
