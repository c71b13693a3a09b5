"""The streamer without ROS: chunks and measured positions in, one setpoint a tick out, never a jump."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ActionChunk, CommandKind, FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.streaming.execution import EXECUTIONS, executed
from noetra_ros.streaming.follower import Follower
from noetra_ros.streaming.intake import ChunkIntake
from noetra_ros.streaming.limits import channel_limits
from noetra_ros.streaming.references import S_PER_NS, Hold, Reference, RowCurve
from noetra_ros.streaming.seams import Seams

STREAMED = (CommandKind.JOINT_POSITION, CommandKind.JOINT_VELOCITY, CommandKind.BASE_TWIST)


class StreamState(Enum):
    """What the streamer is doing; the names are those of StreamerStatus.STATE_*."""

    WAITING = 1
    HOLDING = 2
    FOLLOWING = 3
    RUN_OUT = 4


class Gate(Enum):
    """What becomes of our commands downstream."""

    CLOSED = "closed"  # not armed: nothing passes, nothing is remembered
    PAUSED = "paused"  # armed, but stopped by the supervisor; will go on by itself
    OPEN = "open"  # commands pass


@dataclass(frozen=True, kw_only=True)
class StreamOptions:
    """How chunks become setpoints."""

    splice: str = setting(
        description="how to pass to a newer chunk: a file of noetra_ros/streaming/splices", default="blend"
    )
    blend_s: float = setting(
        "s", "time of the fade from the old chunk to the new", minimum=0.0, maximum=2.0, default=0.15
    )
    stop_s: float = setting(
        "s", "time to come to rest at the end of the last chunk", minimum=0.0, maximum=5.0, default=0.3
    )
    limit_fraction: float = setting(
        "1", "share of the profile's rate limits that the stream uses", minimum=0.05, maximum=1.0, default=0.9
    )
    execution: str = setting(
        description="asynchronous: the robot moves while the model computes; synchronous: it stands",
        choices=EXECUTIONS,
        default="asynchronous",
    )
    execute_s: float = setting(
        "s",
        "synchronous: how much of each chunk is carried out; 0 = all of it",
        minimum=0.0,
        maximum=10.0,
        default=0.0,
    )


class Streamer:
    """One setpoint for each tick: follows the newest chunk, holds when there is none.

    While the gate is closed it stays at the measured position and forgets all plans: nothing that was
    computed before arming moves the robot afterwards. While the gate is paused it brakes and keeps its
    setpoint (a gripper keeps its grip), unless the robot is further away than its tracking limit.

    Args:
        profile: the robot.
        channel: name of the command channel; empty = the profile's default.
        options: how chunks become setpoints.

    Raises:
        ConfigError: no such channel or splice; a channel of values that no chunk holds.
    """

    def __init__(self, profile: RobotProfile, channel: str, options: StreamOptions) -> None:
        self.channel_name = channel or profile.default_channel
        self.channel = profile.channel(self.channel_name)
        if self.channel.kind not in STREAMED:
            kinds = ", ".join(kind.value for kind in STREAMED)
            remedy = f"send {self.channel.kind.value} to command_in yourself: no policy's chunks hold it"
            raise single_fault("streamer", "channel", self.channel.kind.value, f"one of {kinds}", remedy)
        self.period_s = 1.0 / self.channel.rate_hz
        self.limits = channel_limits(profile, self.channel, options.limit_fraction, self.period_s)
        self.intake = ChunkIntake(self.channel_name, self.channel.kind, self.limits.names)
        self.state = StreamState.WAITING
        self.seams = Seams(options.splice, options.blend_s, self.limits)
        self.underruns = 0
        self._options = options
        self._is_speed = self.channel.kind is not CommandKind.JOINT_POSITION
        self._follower = Follower(self.limits, self.period_s, self._is_speed)
        self._slack = _tracking_slack(profile, self.limits.names, self._is_speed)
        self._gate = Gate.CLOSED
        self._opened_ns = 0
        self._plan: RowCurve | None = None
        self._chunk: ActionChunk | None = None
        self._is_abandoned = False
        self._last_ns = 0
        self._reference: Reference = Hold(np.zeros(len(self.limits.names)))

    def accept(self, chunk: ActionChunk, now_ns: int) -> bool:
        """Take a chunk over, or refuse it with a reason in `intake.last_reason`."""
        ordered = self.intake.offer(chunk, now_ns)
        if ordered is None:
            return False
        if self._gate is Gate.CLOSED or ordered.stamp_ns < self._opened_ns:
            return True  # noted; it answers what was seen before arming or a failure, so it is not followed
        self.seams.note_arrival(ordered, now_ns, self._plan.end_ns if self._plan is not None else 0)
        if self._is_abandoned:
            self._is_abandoned, self._reference = False, Hold(self._follower.value)
        self._chunk = executed(ordered, self._options.execution, self._options.execute_s, now_ns)
        self._plan = RowCurve(self._chunk, self._stop_s(), self._is_speed)
        if self._gate is Gate.OPEN:
            self._reference = self.seams.join(self._reference, self._plan, self._chunk, now_ns)
        return True

    def abandon(self, stamp_ns: int) -> None:
        """Nobody answers any more for what was planned until `stamp_ns`: brake.

        The streamer stays there until a chunk of a later observation is accepted.
        """
        self._opened_ns = max(self._opened_ns, stamp_ns)
        self._plan, self._chunk, self._is_abandoned = None, None, True
        self.seams.forget()

    @property
    def splice_jump(self) -> float:
        """Largest distance between old and new plan at the last splice, rad or m; NaN = none yet."""
        return self.seams.jump

    @property
    def followed(self) -> ActionChunk | None:
        """The chunk that is followed, or will be as soon as the gate opens."""
        return self._chunk

    def tick(self, now_ns: int, measured: FloatArray | None, gate: Gate) -> FloatArray | None:
        """The setpoint for this tick.

        Args:
            now_ns: ROS time, about one period after the last tick.
            measured: (d,) newest measured positions in command order; None = none yet. Ignored for speeds.
            gate: what the supervisor does with our commands.

        Returns:
            (d,) setpoint, or None while WAITING for the first measurement.
        """
        anchor = np.zeros(len(self.limits.names)) if self._is_speed else measured
        if anchor is None:
            self.state = StreamState.WAITING
            return None
        self._turn(gate, anchor, now_ns)
        if gate is Gate.CLOSED:
            self._follower.place(anchor)
            return self._follower.value
        if gate is Gate.PAUSED:
            return self._pause(anchor)
        if self._is_abandoned:
            self.state = StreamState.HOLDING
            return self._follower.brake()
        value = self._follower.step(self._reference, now_ns, self._pace(now_ns))
        before, self.state = self.state, self._open_state(now_ns)
        self.underruns += (before, self.state) == (StreamState.FOLLOWING, StreamState.RUN_OUT)
        return value

    def planned(self, now_ns: int) -> FloatArray:
        """(d,) where the plan is at `now_ns`, before the robot's limits."""
        return self._reference.at(now_ns).value

    def remaining_s(self, now_ns: int) -> float:
        """Seconds of the followed chunk still ahead; 0 = none, or run out."""
        return 0.0 if self._plan is None else max(self._plan.end_ns - now_ns, 0) * S_PER_NS

    def _pace(self, now_ns: int) -> float:
        """Reference time since the last tick, in periods; a jump of the clock is not followed as a pace."""
        pace = (now_ns - self._last_ns) * S_PER_NS / self.period_s
        self._last_ns = now_ns
        return pace if 0.5 < pace < 1.5 else 1.0

    def _turn(self, gate: Gate, anchor: FloatArray, now_ns: int) -> None:
        """What changes when the gate does."""
        if gate is Gate.CLOSED:
            self.state, self._plan, self._chunk = StreamState.HOLDING, None, None
            self.seams.forget()
        elif self._gate is Gate.CLOSED:
            self._opened_ns, self._is_abandoned = now_ns, False
            self._follower.place(anchor)
        if gate is Gate.OPEN and self._gate is not Gate.OPEN:
            self._reference = Hold(self._follower.value)
            if self._plan is not None and self._chunk is not None:
                self._reference = self.seams.join(self._reference, self._plan, self._chunk, now_ns)
        self._gate = gate

    def _pause(self, anchor: FloatArray) -> FloatArray:
        self.state = StreamState.HOLDING
        value = self._follower.brake()
        lost = np.abs(value - anchor) > self._slack
        if lost.any():
            value = np.where(lost, anchor, value)
            self._follower.place(value)
            value = self._follower.value
        return value

    def _stop_s(self) -> float:
        """A robot that stands after each piece anyway is not slowed down before its end as well."""
        return 0.0 if self._options.execution == "synchronous" else self._options.stop_s

    def _open_state(self, now_ns: int) -> StreamState:
        if self._plan is None:
            return StreamState.HOLDING
        return StreamState.FOLLOWING if now_ns < self._plan.end_ns else StreamState.RUN_OUT


def _tracking_slack(profile: RobotProfile, names: tuple[str, ...], is_speed: bool) -> FloatArray:
    """(d,) how far a setpoint may be from the measurement before it is given up; infinite for speeds."""
    if is_speed:
        return np.full(len(names), np.inf)
    return np.array([profile.joints[name].tracking_error_rad for name in names])
