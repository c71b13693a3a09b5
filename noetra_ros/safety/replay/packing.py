"""Calls and answers of the supervisor as MessagePack: every number bit for bit, NaN and infinity included.

A record is ``[call, arguments, answer]``. Objects are lists of their fields, named by `legend`; enumerations
are their values; arrays are lists of numbers, or bytes of little-endian float64 where they are long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

import msgpack
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
from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import Command, CommandKind, FloatArray
from noetra_ros.safety.attributes import public_names
from noetra_ros.safety.events import Event
from noetra_ros.safety.judged_separation import SeparationJudgement
from noetra_ros.safety.modes import Transition
from noetra_ros.safety.report import Decision, Part, SafetyReport
from noetra_ros.safety.separation import SeparationTerms
from noetra_ros.safety.verdict import Verdict

LONG = 64  # numbers; from here on an array is bytes
FLOAT64 = np.dtype("<f8")
_FORMS: dict[type, Callable[[Any], Any]] = {}  # found once for each type
TEXT = "surrogatepass"  # whatever came in a name goes through


def packer() -> Callable[[Any], bytes]:
    """A function that packs one value at a time; not for two threads.

    It raises TypeError, ValueError or OverflowError for what has no form here.
    """
    pack: Callable[[Any], bytes] = msgpack.Packer(default=_plain, unicode_errors=TEXT).pack
    return pack


def unpacked(data: bytes) -> Iterable[Any]:
    """The values that bytes hold, one after the other.

    Raises:
        ValueError: no MessagePack, or the last value is not whole.
    """
    unpacker = msgpack.Unpacker(
        raw=False, strict_map_key=False, unicode_errors=TEXT, max_buffer_size=max(1, len(data))
    )
    unpacker.feed(data)
    whole = 0  # bytes of the values so far: of a list that is torn off it would count what came
    try:
        for value in unpacker:
            whole = unpacker.tell()
            yield value
    except msgpack.UnpackException as error:
        raise ValueError(f"no MessagePack: {error}") from None
    if whole != len(data):
        raise ValueError("the last value is not whole")


def _plain(value: Any) -> Any:
    """What MessagePack does not know, by what it knows."""
    kind = type(value)
    form = _FORMS.get(kind)
    if form is None:
        form = _FORMS[kind] = _form_of(kind)
    return form(value)


def _form_of(kind: type) -> Callable[[Any], Any]:
    """How values of one type become plain.

    Raises:
        TypeError: they have no form.
    """
    names = field_names(kind)
    if len(names) > 1:
        return attrgetter(*names)
    if names:
        return lambda value: [getattr(value, names[0])]
    if issubclass(kind, np.ndarray):
        return _numbers
    if issubclass(kind, Enum):
        return attrgetter("_value_")
    if issubclass(kind, np.generic):
        return methodcaller("item")
    raise TypeError(f"a {kind.__name__}")


def _numbers(value: FloatArray) -> list[float] | bytes:
    if value.ndim != 1 or value.dtype != np.float64:
        raise TypeError(f"an array of {value.dtype} of the shape {value.shape}")
    if len(value) >= LONG:
        return value.astype(FLOAT64).tobytes()
    plain: list[float] = value.tolist()
    return plain


def field_names(kind: type) -> tuple[str, ...]:
    """Fields of a dataclass, a named tuple or an answer; empty for other types."""
    if kind in (Decision, SafetyReport):
        return public_names(kind)
    named: tuple[str, ...] = getattr(kind, "_fields", ())
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else named


def legend() -> dict[str, list[str]]:
    """Names of what the lists hold, for readers without this package."""
    kinds = (
        Command, Trajectory, TrajectoryPoint, PlanarScan, ObstacleScene, Obstacle, SensorReport, Decision,
        Part, SafetyReport, Event, Verdict,
        Transition, SeparationJudgement, SeparationTerms,
    )  # fmt: skip
    return {"record": ["call", "arguments", "answer"], **{k.__name__: list(field_names(k)) for k in kinds}}


class Form(NamedTuple):
    """Arguments of one call.

    Attributes:
        of: makes each argument from its plain form.
        now_at: which of them is the time in ns; -1 = none is, or the first holds it.
        optional: so many of the last ones may be left out.
    """

    of: tuple[Callable[[Any], Any], ...]
    now_at: int = -1
    optional: int = 0


def array_of(plain: Any) -> FloatArray:
    """(n,) from its plain form."""
    if isinstance(plain, bytes):
        return np.frombuffer(plain, FLOAT64).astype(np.float64)
    return np.array(plain, dtype=np.float64)


def command_of(plain: Any) -> Command:
    """A command from its plain form."""
    kind, values, arrival_ns, stamp_ns, names, efforts, frame = plain
    given = None if efforts is None else array_of(efforts)
    return Command(CommandKind(kind), array_of(values), arrival_ns, stamp_ns, tuple(names), given, frame)


def trajectory_of(plain: Any) -> Trajectory:
    """A whole trajectory from its plain form."""
    names, points, arrival_ns, stamp_ns = plain
    made = tuple(TrajectoryPoint(time_s, *map(array_of, arrays)) for time_s, *arrays in points)
    return Trajectory(tuple(names), made, arrival_ns, stamp_ns)


def scan_of(plain: Any) -> PlanarScan:
    """A laser scan from its plain form."""
    origin_m, angle_min_rad, angle_step_rad, ranges_m = plain
    return PlanarScan(tuple(origin_m), angle_min_rad, angle_step_rad, array_of(ranges_m))


def scene_of(plain: Any) -> ObstacleScene:
    """A scene from its plain form."""
    stamp_ns, frame, obstacles, sensors = plain
    reports = tuple(SensorReport(name, SensorVerdict(verdict), detail) for name, verdict, detail in sensors)
    return ObstacleScene(stamp_ns, frame, tuple(map(_obstacle_of, obstacles)), reports)


def _obstacle_of(plain: Any) -> Obstacle:
    track_id, kind, shape, position_m, quat_xyzw, size_m, velocity_mps, *rest = plain
    position_std_m, score, seen_ns, labels = rest
    return Obstacle(
        track_id, ObstacleKind(kind), Shape(shape), array_of(position_m), array_of(quat_xyzw),
        array_of(size_m), array_of(velocity_mps), position_std_m, score, seen_ns, tuple(labels),
    )  # fmt: skip


def _same(plain: Any) -> Any:
    return plain


CALLS = {
    "on_command": Form((command_of, _same, _same), optional=1),
    "on_trajectory": Form((trajectory_of, _same, _same), optional=1),
    "tick": Form((_same,), 0),
    "on_joint_state": Form((array_of, _same, _same), 1),
    "on_stream": Form((_same, _same, _same), 1),
    "on_scan": Form((_same, scan_of, _same, _same), 2),
    "on_scene": Form((scene_of, _same, _same), 1),
    "on_unreadable_scene": Form((_same,)),
    "reduce_speed": Form((_same, _same), 1),
    "on_heartbeat": Form((_same, _same), 1),
    "on_trust": Form((_same, _same), 1),
    "on_other_writers": Form((tuple,)),
    "on_ros_clock": Form((_same,)),
    "on_estop": Form((_same, _same, _same), 2),
    "estop": Form((_same, _same), 0),
    "arm": Form((_same,), 0),
    "hinder_arming": Form((_same,)),
    "hinder_resetting": Form((_same,)),
    "disarm": Form((_same,), 0),
    "reset": Form((_same,), 0),
}
"""Every call that bears on what the supervisor decides, by the name of its method."""


def arguments_of(call: str, plain: list[Any]) -> tuple[Any, ...]:
    """Arguments of a call from their plain form.

    Raises:
        ValueError: an unknown call, or arguments that it does not take.
    """
    form = CALLS.get(call)
    if form is None or not len(form.of) - form.optional <= len(plain) <= len(form.of):
        raise ValueError(f"call {call!r} with {len(plain)} arguments is not known")
    try:
        return tuple(make(value) for make, value in zip(form.of, plain, strict=False))
    except (TypeError, ValueError) as error:
        raise ValueError(f"call {call}: {error}") from None


def time_ns(call: str, arguments: tuple[Any, ...]) -> int | None:
    """When a call was made, on the clock of the time-outs; None = it does not say."""
    if call in ("on_command", "on_trajectory"):
        return int(arguments[0].arrival_ns)
    at = CALLS[call].now_at
    return int(arguments[at]) if at >= 0 else None
