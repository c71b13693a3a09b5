"""All that a supervisor remembers, taken out in one instant and put into another one built alike.

A recording can begin at any call: each of its files holds the state before its first one.
"""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import is_dataclass
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
from noetra_ros.safety.check_round import CheckRound
from noetra_ros.safety.events import EventLog, _Series
from noetra_ros.safety.inputs import Inputs
from noetra_ros.safety.judged_separation import SeparationJudgement
from noetra_ros.safety.limiter import AxisMotion
from noetra_ros.safety.modes import Mode, ModeMachine, Transition
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.output import Output
from noetra_ros.safety.pace import SetpointClock
from noetra_ros.safety.projection.projection import Projection
from noetra_ros.safety.projection.rooms import Rooms
from noetra_ros.safety.reckoning import Pose, Reckoning
from noetra_ros.safety.replay.packing import field_names
from noetra_ros.safety.scale_ramp import ScaleRamp
from noetra_ros.safety.separation import SeparationTerms
from noetra_ros.safety.supervisor import Supervisor, _Counters
from noetra_ros.safety.surroundings import CycleTime, Surroundings
from noetra_ros.safety.verdict import Action, Verdict


class State(dict[str, Any]):
    """What one part of a supervisor remembers, by attribute; parts of it are states themselves."""


# What remembers, and which of its attributes come from the set-up: a replay builds those itself.
PARTS: dict[type, frozenset[str]] = {
    Supervisor: frozenset({"limits", "_settings"}),
    _Counters: frozenset(),
    Inputs: frozenset({"_limits"}),
    Output: frozenset({"_is_twist", "_stop_lead_s", "_pause_s"}),
    ChannelMotion: frozenset({"limits"}),
    Reckoning: frozenset(),
    SetpointClock: frozenset({"_period_ns"}),
    CheckRound: frozenset({"checks", "_limits", "_inputs", "_output"}),
    Surroundings: frozenset(),
    CycleTime: frozenset({"_period_s"}),
    ModeMachine: frozenset({"_resumes_by_itself", "_resume_after_ns"}),
    ScaleRamp: frozenset({"_rise_per_s"}),
    EventLog: frozenset(),
    Projection: frozenset({"left_out", "_limits", "_speeds"}),
    Rooms: frozenset({"_barriers", "_columns", "_spans", "names", "units", "reach", "_reach"}),
}
VALUES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Command, PlanarScan, ObstacleScene, Obstacle, SensorReport, Verdict, Transition, _Series,
        SeparationJudgement, SeparationTerms, AxisMotion, Pose,
    )
}  # fmt: skip
WORDS: dict[str, type[Enum]] = {
    kind.__name__: kind for kind in (CommandKind, ObstacleKind, Shape, SensorVerdict, Action, Mode)
}


def capture(part: Any) -> State:
    """What `part` and its parts remember now; nothing of it changes later. Quick: to be packed elsewhere."""
    fixed = PARTS[type(part)]
    return State((name, _held(value)) for name, value in vars(part).items() if name not in fixed)


def _held(value: Any) -> Any:
    if type(value) in PARTS:
        return capture(value)
    if isinstance(value, dict):  # series of events change in place
        return {key: copy.copy(item) if isinstance(item, _Series) else item for key, item in value.items()}
    return copy.copy(value) if isinstance(value, list | set | deque | np.ndarray) else value


def restore(part: Any, state: State) -> None:
    """Make `part` remember what was captured from one like it.

    Raises:
        ValueError: the state is not one of such a part.
    """
    own = vars(part)
    wanted = own.keys() - PARTS[type(part)]
    if wanted != state.keys():
        differing = ", ".join(sorted(wanted ^ state.keys()))
        raise ValueError(f"state of {type(part).__name__} and its record differ in: {differing}")
    for name, value in state.items():
        is_part = type(own[name]) in PARTS
        if is_part != isinstance(value, State) or _shape(own[name]) != _shape(value):
            raise ValueError(f"{type(part).__name__}.{name} of the record is not of this set-up")
        if is_part:
            restore(own[name], value)
        else:
            own[name] = value


def _shape(value: Any) -> tuple[int, ...]:
    """Of an array; only what the set-up sizes, the rooms to barriers, has two dimensions."""
    return value.shape if isinstance(value, np.ndarray) and value.ndim == 2 else ()


def plain_state(value: Any) -> Any:
    """A captured state as MessagePack knows it: numbers, words and lists as they are, all else as one pair of
    its type and what it holds.

    Raises:
        TypeError: something of a type that is not known here.
    """
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is State:
        return {"part": {name: plain_state(item) for name, item in value.items()}}
    if kind is list:
        return [plain_state(item) for item in value]
    if kind is dict:
        return {"dict": [[plain_state(key), plain_state(item)] for key, item in value.items()]}
    if kind is tuple:
        return {"tuple": [plain_state(item) for item in value]}
    if kind is set:
        return {"set": [plain_state(item) for item in sorted(value)]}
    if kind is deque:
        return {"deque": [value.maxlen, [plain_state(item) for item in value]]}
    if kind is np.ndarray and value.dtype == np.float64:
        return {"array": [value.shape, value.astype("<f8").tobytes()]}
    if isinstance(value, np.generic):
        return plain_state(value.item())
    if WORDS.get(kind.__name__) is kind:
        return {kind.__name__: value.value}
    if VALUES.get(kind.__name__) is kind:
        return {kind.__name__: [plain_state(item) for item in _parts(value)]}
    raise TypeError(f"a {kind.__name__} in the state")


def _parts(value: Any) -> list[Any]:
    """Fields of a value; the numbers for people that a check adds are not part of the state."""
    if isinstance(value, Verdict):
        return [None if name == "details" else getattr(value, name) for name in field_names(Verdict)]
    return [getattr(value, name) for name in field_names(type(value))] if is_dataclass(value) else list(value)


def state_of(plain: Any) -> State:
    """A state from its plain form.

    Raises:
        ValueError: it is not one.
    """
    try:
        state = _value_of(plain)
    except (TypeError, KeyError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    if not isinstance(state, State):
        raise ValueError(f"a {type(state).__name__}, expected a state")
    return state


def _value_of(plain: Any) -> Any:
    if isinstance(plain, list):
        return [_value_of(item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    if len(plain) != 1:
        raise ValueError(f"{len(plain)} types of one value")
    ((kind, held),) = plain.items()
    if kind == "part":
        return State((name, _value_of(item)) for name, item in held.items())
    if kind in WORDS:
        return WORDS[kind](held)
    if kind == "array":
        shape, numbers = held
        return np.frombuffer(numbers, "<f8").astype(np.float64).reshape(shape)
    if kind == "deque":
        return deque(map(_value_of, held[1]), maxlen=held[0])
    if kind == "dict":
        return {_value_of(key): _value_of(item) for key, item in held}
    items = [_value_of(item) for item in held]
    if kind in ("tuple", "set"):
        return tuple(items) if kind == "tuple" else set(items)
    if kind not in VALUES:
        raise ValueError(f"a {kind} in the state is not known")
    return VALUES[kind](*items)
