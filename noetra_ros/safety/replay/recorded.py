"""A supervisor of which every call and answer is recorded; it decides as it would alone."""

from __future__ import annotations

from typing import Any, Protocol

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.trajectory import Trajectory
from noetra_ros.core.types import Command, FloatArray
from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.replay.packing import packer
from noetra_ros.safety.replay.state import State, capture
from noetra_ros.safety.report import Decision, SafetyReport
from noetra_ros.safety.supervisor import Supervisor


class Tape(Protocol):
    """Takes records and never holds up who hands them over.

    Attributes:
        needs_state: the next record can be written only after the state before it.
    """

    needs_state: bool

    def begin(self, state: State) -> None:
        """The state before the next record; everything from here on goes into a new file."""
        ...

    def put(self, record: bytes) -> None:
        """One call with its answer."""
        ...

    def lose(self, why: str) -> None:
        """What follows cannot be written, until a new state."""
        ...


class RecordedSupervisor:
    """The public methods of a `GatedTogether`, and so of a `Supervisor`, which takes no `channel`. What goes
    wrong in recording changes nothing of its answers.

    Args:
        supervisor: what decides.
        tape: takes the records.
    """

    def __init__(self, supervisor: Supervisor | GatedTogether, tape: Tape) -> None:
        self._supervisor, self._tape = supervisor, tape
        self._pack = packer()

    @property
    def limits(self) -> ChannelLimits:
        """Limits of the channel, or of the first one."""
        return self._supervisor.limits

    @property
    def period_s(self) -> float:
        """s between ticks."""
        return self._supervisor.period_s

    @property
    def mode(self) -> Mode:
        """Mode now."""
        return self._supervisor.mode

    def report(self, now_ns: int) -> SafetyReport:
        """State now."""
        return self._supervisor.report(now_ns)

    def next_timeout_s(self, now_ns: int) -> float:
        """See `Supervisor`."""
        return self._supervisor.next_timeout_s(now_ns)

    def is_command_overdue(self, now_ns: int) -> bool:
        """See `Supervisor`."""
        return self._supervisor.is_command_overdue(now_ns)

    def on_command(self, command: Command, delay_s: float = 0.0, channel: str = "") -> Decision:
        """See `Supervisor`, as all that follow; a channel is named where several are gated together."""
        return self._decided("on_command", command, delay_s, *_named(channel))

    def on_trajectory(self, trajectory: Trajectory, delay_s: float = 0.0, channel: str = "") -> Decision:
        """A whole trajectory."""
        return self._decided("on_trajectory", trajectory, delay_s, *_named(channel))

    def tick(self, now_ns: int) -> Decision:
        """Watchdog."""
        return self._decided("tick", now_ns)

    def on_joint_state(self, positions: FloatArray, now_ns: int, delay_s: float = 0.0) -> None:
        """Measured joint positions."""
        self._called("on_joint_state", positions, now_ns, delay_s)

    def on_stream(self, stream: str, now_ns: int, delay_s: float = 0.0) -> None:
        """A message of another stream."""
        self._called("on_stream", stream, now_ns, delay_s)

    def on_scan(self, stream: str, scan: PlanarScan, now_ns: int, delay_s: float = 0.0) -> None:
        """A laser scan."""
        self._called("on_scan", stream, scan, now_ns, delay_s)

    def on_scene(self, scene: ObstacleScene, now_ns: int, delay_s: float) -> None:
        """What perception sees."""
        self._called("on_scene", scene, now_ns, delay_s)

    def on_unreadable_scene(self, reason: str) -> None:
        """A message of perception that cannot be read."""
        self._called("on_unreadable_scene", reason)

    def reduce_speed(self, is_on: bool, now_ns: int) -> Decision:
        """Reduced speed is turned on or off."""
        return self._decided("reduce_speed", is_on, now_ns)

    def on_heartbeat(self, source: str, now_ns: int) -> None:
        """A sign of life."""
        self._called("on_heartbeat", source, now_ns)

    def on_trust(self, trust: float, now_ns: int) -> None:
        """How far the policy is to be trusted."""
        self._called("on_trust", trust, now_ns)

    def on_other_writers(self, names: tuple[str, ...]) -> None:
        """Programs that publish on the controller's topic beside this one."""
        self._called("on_other_writers", names)

    def on_ros_clock(self, ros_now_ns: int) -> None:
        """The ROS clock."""
        self._called("on_ros_clock", ros_now_ns)

    def on_estop(self, source: str, is_pressed: bool, now_ns: int) -> Decision:
        """State of an e-stop source."""
        return self._decided("on_estop", source, is_pressed, now_ns)

    def estop(self, now_ns: int, reason: str) -> Decision:
        """Emergency stop by a person."""
        return self._decided("estop", now_ns, reason)

    def arm(self, now_ns: int) -> Decision:
        """Let commands pass."""
        return self._decided("arm", now_ns)

    def hinder_arming(self, reason: str) -> None:
        """Refuse to arm."""
        self._called("hinder_arming", reason)

    def hinder_resetting(self, reason: str) -> None:
        """Refuse to leave a latched mode."""
        self._called("hinder_resetting", reason)

    def disarm(self, now_ns: int) -> Decision:
        """Controlled stop, then STANDBY."""
        return self._decided("disarm", now_ns)

    def reset(self, now_ns: int) -> Decision:
        """Leave a latched mode."""
        return self._decided("reset", now_ns)

    def _decided(self, call: str, *arguments: Any) -> Decision:
        decision: Decision = self._called(call, *arguments)
        return decision

    def _called(self, call: str, *arguments: Any) -> Any:
        """Make the call, and record it with what came of it."""
        if self._tape.needs_state:
            self._begin()
        try:
            answer = getattr(self._supervisor, call)(*arguments)
        except Exception as error:
            self._record(call, arguments, raised(error))
            raise
        self._record(call, arguments, answer)
        return answer

    def _begin(self) -> None:
        try:
            self._tape.begin(capture(self._supervisor))
        except Exception as error:  # whatever it is, the call is made
            self._tape.lose(f"the state: {type(error).__name__}: {error}")

    def _record(self, call: str, arguments: tuple[Any, ...], answer: Any) -> None:
        try:
            record = self._pack([call, arguments, answer])
        except Exception as error:  # whatever it is, the answer is given
            self._tape.lose(f"{call}: {type(error).__name__}: {error}")
            record = b""
        self._tape.put(record)


def _named(channel: str) -> tuple[str, ...]:
    """What a call is given beside the rest: a supervisor of one channel takes no name."""
    return (channel,) if channel else ()


def raised(error: Exception) -> dict[str, str]:
    """Plain form of the answer to a call that raised."""
    return {"raised": f"{type(error).__name__}: {error}"}


# What a supervisor node gates with.
Gate = Supervisor | GatedTogether | RecordedSupervisor
