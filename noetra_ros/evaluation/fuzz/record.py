"""What went into the safety core and what came out, call by call, as arrays; free of any code of safety/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.trajectory import Trajectory
from noetra_ros.core.types import Command, CommandKind, FloatArray


class Call(IntEnum):
    """What was called."""

    TICK = 0
    COMMAND = 1
    JOINTS = 2
    STREAM = 3
    HEARTBEAT = 4
    ESTOP = 5
    ESTOP_CALL = 6
    ARM = 7
    DISARM = 8
    RESET = 9
    SCENE = 10
    UNREADABLE = 11
    REDUCE = 12
    TRUST = 13
    WRITERS = 14
    ROS_CLOCK = 15
    TRAJECTORY = 16


class Form(IntEnum):
    """What a command looks like before its values are asked for."""

    RIGHT = 0
    WRONG_KIND = 1
    WRONG_SIZE = 2
    WRONG_NAMES = 3
    WRONG_FRAME = 4
    WRONG_EFFORT = 5


STARTUP, STANDBY, ACTIVE, SLOWED, PROTECTIVE_STOP, EMERGENCY_STOP, FAULT = range(1, 8)
"""Modes by the numbers of msg/SafetyState, written again here on purpose."""
PASSING, LATCHED = (ACTIVE, SLOWED), (EMERGENCY_STOP, FAULT)
ARMED = (*PASSING, PROTECTIVE_STOP)


@dataclass(frozen=True)
class Told:
    """One event: at which call, of which check, what it did (a number), about what; `is_gone` = the cause is
    over, and `action` what was done about it.
    """

    row: int
    check: str
    action: int
    subject: str
    measured: float
    limit: float
    is_gone: bool
    is_first: bool


@dataclass(frozen=True)
class Record:
    """An episode of n calls on a channel of d axes, of a robot with j joints. Modes are those after the call.

    Attributes:
        call: (n,) int, values of `Call`.
        now_ns: (n,) int64, the clock of the time-outs as it was given.
        delay_s: (n,) age on arrival.
        source: (n,) int: which stream, heartbeat, e-stop source, scene or trajectory; ROS clock in ns.
        flag: (n,) bool: pressed, switched on, other writers.
        number: (n,) trust.
        form: (n,) int, values of `Form`, of commands.
        wanted: (n, d) values of commands of the right form, channel order; NaN elsewhere.
        joints: (n, j) measured joints; NaN elsewhere.
        is_sent: (n,) bool: values were sent.
        sent: (n, d) these values; NaN elsewhere.
        mode: (n,) int.
        scale: (n,) speed scale in force.
        is_refused: (n,) bool, of a person's request.
        scenes: what perception told, by `source`.
        told: events in order.
        room: (k, 2) m, posts around the start of a base.
        efforts: (n, 2) N or Nm that a command asked for and that went out with what was sent; NaN elsewhere.
        truth: (n, j) where the joints are in truth at each time that they are measured; NaN elsewhere.
        trajectories: whole trajectories, by `source`.
    """

    call: Any
    now_ns: Any
    delay_s: FloatArray
    source: Any
    flag: Any
    number: FloatArray
    form: Any
    wanted: FloatArray
    joints: FloatArray
    is_sent: Any
    sent: FloatArray
    mode: Any
    scale: FloatArray
    is_refused: Any
    scenes: tuple[ObstacleScene, ...]
    told: tuple[Told, ...]
    room: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))
    efforts: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))
    truth: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    trajectories: tuple[Trajectory, ...] = ()

    @property
    def mode_before(self) -> Any:
        """(n,) mode before each call; STARTUP before the first."""
        return np.concatenate(([STARTUP], self.mode[:-1]))

    @property
    def gone_ns(self) -> Any:
        """(n,) time that has really gone by since the first call: a clock that is set back undoes none."""
        return np.cumsum(np.maximum(np.diff(self.now_ns, prepend=self.now_ns[:1]), 0))

    def last(self, is_row: Any) -> Any:
        """(n,) index of the last row so far, this one included, for which `is_row` (n,) holds; -1 = none."""
        return np.maximum.accumulate(np.where(is_row, np.arange(len(self.call)), -1))


@dataclass
class Recorder:
    """Collects rows; `names` (d), `kind` and `frame` of the channel, and whether it carries an effort, say
    what a command ought to look like.
    """

    names: tuple[str, ...]
    kind: CommandKind
    joint_count: int
    frame: str = ""
    has_effort: bool = False
    scenes: list[ObstacleScene] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    trajectories: list[Trajectory] = field(default_factory=list)
    room: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))
    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _wanted: dict[int, Sequence[float]] = field(default_factory=dict)
    _joints: dict[int, Sequence[float]] = field(default_factory=dict)
    _sent: dict[int, Sequence[float]] = field(default_factory=dict)
    _efforts: dict[int, Sequence[float]] = field(default_factory=dict)
    _truth: dict[int, Sequence[float]] = field(default_factory=dict)
    _asked: float = np.nan

    @property
    def count(self) -> int:
        """Rows so far."""
        return len(self._rows)

    def command(self, command: Command) -> Form:
        """Note the command of the row that comes next, by the names that it carries."""
        form = self._form(command)
        self._asked = float(command.efforts[0]) if command.efforts is not None else np.nan
        if form is Form.RIGHT:
            by_name = dict(zip(command.names or self.names, command.values.tolist(), strict=True))
            self._wanted[self.count] = [by_name[name] for name in self.names]
        return form

    def _form(self, command: Command) -> Form:
        if command.kind is not self.kind:
            return Form.WRONG_KIND
        if command.values.shape != (len(self.names),):
            return Form.WRONG_SIZE
        if command.names and sorted(command.names) != sorted(self.names):
            return Form.WRONG_NAMES
        if self.frame and command.frame not in ("", self.frame):
            return Form.WRONG_FRAME
        if command.efforts is None:
            return Form.RIGHT
        is_number = len(command.efforts) == 1 and 0.0 <= float(command.efforts[0]) < np.inf
        return Form.RIGHT if is_number and self.has_effort else Form.WRONG_EFFORT

    def joints(self, positions: FloatArray, truth: FloatArray | None = None) -> None:
        """Note the joints of the row that comes next, as they are measured and as they are."""
        self._joints[self.count] = positions.tolist()
        self._truth[self.count] = (positions if truth is None else truth).tolist()

    def add(
        self,
        call: Call,
        now_ns: int,
        mode: int,
        scale: float,
        *,
        delay_s: float = 0.0,
        source: int = -1,
        flag: bool = False,
        number: float = np.nan,
        form: Form = Form.RIGHT,
        sent: FloatArray | None = None,
        is_refused: bool = False,
        effort: float = np.nan,
    ) -> None:
        """One row."""
        if sent is not None:
            self._sent[self.count] = sent.tolist()
        asked = self._asked if call is Call.COMMAND else np.nan
        self._efforts[self.count] = (asked, effort if sent is not None else np.nan)
        has_sent = sent is not None
        self._rows.append(
            (call, now_ns, delay_s, source, flag, number, form, has_sent, mode, scale, is_refused)
        )

    def record(self) -> Record:
        """Everything so far as arrays."""
        columns = list(zip(*self._rows, strict=True))
        call, now_ns, source, form, mode = (np.array(columns[i], dtype=np.int64) for i in (0, 1, 3, 6, 8))
        delay_s, number, scale = (np.array(columns[i], dtype=np.float64) for i in (2, 5, 9))
        flag, is_sent, is_refused = (np.array(columns[i], dtype=bool) for i in (4, 7, 10))
        wanted, sent = self._table(self._wanted, len(self.names)), self._table(self._sent, len(self.names))
        return Record(
            call, now_ns, delay_s, source, flag, number, form, wanted,
            self._table(self._joints, self.joint_count), is_sent, sent, mode, scale, is_refused,
            tuple(self.scenes), tuple(self.told), self.room, self._table(self._efforts, 2),
            self._table(self._truth, self.joint_count), tuple(self.trajectories),
        )  # fmt: skip

    def _table(self, rows: dict[int, Sequence[float]], width: int) -> FloatArray:
        table = np.full((self.count, width), np.nan)
        if rows and width:
            table[list(rows)] = list(rows.values())
        return table
