"""What the supervisor last heard, and when: joint states, streams, heartbeats, e-stops, commands, clocks."""

from __future__ import annotations

import math
from typing import Final

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import Command, FloatArray
from noetra_ros.safety.all_axes import goal_speeds
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.others import Others
from noetra_ros.safety.reckoning import Reckoning, SeenScan
from noetra_ros.safety.snapshot import Values

NS_PER_S: Final = 1e9


class Inputs:
    """Newest inputs with their times on the clock of the time-outs.

    Args:
        limits: limits of the channel; names the streams.
    """

    def __init__(self, limits: ChannelLimits) -> None:
        self._limits = limits
        self._stream_ns: dict[str, int] = {}
        self._heartbeat_ns: dict[str, int] = {}
        self._pressed: set[str] = set()
        self._estop_ns: dict[str, int] = {}
        self._estop_silence_ns: dict[str, int] = {}
        self._command_ns: int | None = None
        self._armed_ns: int | None = None
        self._now_ns: int | None = None
        self._ros_now_ns: int | None = None
        self._ros_step_s = 0.0
        self._trust_ns: int | None = None
        self.policy_trust = math.nan
        self.other_writers: tuple[str, ...] = ()
        self.others: Others | None = None
        self.command: Command | None = None
        self.target: Values | None = None
        self._scans: dict[str, PlanarScan] = {}
        self._scan_first_ns: dict[str, int] = {}
        self.joint_positions: FloatArray | None = None
        self._measured: Values | None = None  # of these, once asked for

    def hear_joint_state(self, positions: FloatArray, now_ns: int, delay_s: float = 0.0) -> None:
        """Measured joints.

        Args:
            positions: (n,) rad, profile order.
            now_ns: arrival.
            delay_s: age of the content on arrival, below 0 = stamped ahead; 0 where it carries no stamp.
        """
        self.joint_positions, self._measured = positions, None
        self.hear_stream("joint_states", now_ns, delay_s)

    def hear_stream(self, stream: str, now_ns: int, delay_s: float = 0.0) -> None:
        """One message of a stream of the profile. Nothing is measured in the future: what is stamped ahead of
        our clock is as little to be believed as what is as old, for that clock may stand still.
        """
        self._stream_ns[stream] = now_ns - round(abs(delay_s) * NS_PER_S)

    def hear_scan(self, stream: str, scan: PlanarScan, now_ns: int, delay_s: float = 0.0) -> None:
        """One laser scan; its stream has been heard with it."""
        before = self._scans.get(stream)
        is_again = before is not None and scan.has_same_echoes(before)
        self._scans[stream] = scan
        self.hear_stream(stream, now_ns, delay_s)
        if not is_again:
            self._scan_first_ns[stream] = self._stream_ns[stream]

    def scans_seen(self, now_ns: int, reckoning: Reckoning) -> dict[str, SeenScan]:
        """Newest scans by stream, and how far the base has gone since each."""
        if not self._scans:
            return {}
        return {
            name: SeenScan(
                scan,
                reckoning.moved_since(self._stream_ns[name], now_ns),
                reckoning.moved_since(self._scan_first_ns[name], self._stream_ns[name]),
            )
            for name, scan in self._scans.items()
        }

    def hear_heartbeat(self, source: str, now_ns: int) -> None:
        """One sign of life."""
        self._heartbeat_ns[source] = now_ns

    def hear_trust(self, trust: float, now_ns: int) -> None:
        """How far the policy is to be trusted, 0..1, content unchecked."""
        self.policy_trust, self._trust_ns = trust, now_ns

    def trust_age_s(self, now_ns: int) -> float:
        """s since the policy last told how far it is to be trusted; NaN = it never did."""
        return math.nan if self._trust_ns is None else (now_ns - self._trust_ns) / NS_PER_S

    def hear_estop(self, source: str, is_pressed: bool, now_ns: int) -> None:
        """State of one e-stop source. Of a silence before it nobody may have been told yet: where the whole
        process was held up, this message is read before anybody looks, and a press and release before it may
        have been lost.
        """
        silence_ns = now_ns - self._estop_ns.get(source, now_ns)
        self._estop_silence_ns[source] = max(silence_ns, self._estop_silence_ns.get(source, 0))
        self._estop_ns[source] = now_ns
        if is_pressed:
            self._pressed.add(source)
        else:
            self._pressed.discard(source)

    def hear_command(self, command: Command, delay_s: float) -> None:
        """One command as it arrived; `delay_s` as above, but a trajectory may well begin in the future."""
        self.command = command
        delay_ns = round(delay_s * NS_PER_S) if delay_s > 0.0 else 0
        self._command_ns = command.arrival_ns - delay_ns

    def hear_trajectory(self, now_ns: int) -> None:
        """A whole trajectory to be carried out; the goal of earlier commands is forgotten."""
        self._command_ns, self.target = now_ns, None

    def hear_ros_clock(self, ros_now_ns: int) -> None:
        """The ROS clock, to see it going backwards."""
        if self._ros_now_ns is not None:
            self._ros_step_s = min(self._ros_step_s, (ros_now_ns - self._ros_now_ns) / NS_PER_S)
        self._ros_now_ns = ros_now_ns

    def note_armed(self, now_ns: int) -> None:
        """From arming on the command time-out runs; the goal of earlier commands is forgotten."""
        self._armed_ns = now_ns
        self.target = None

    def aim(self, wanted: Values) -> Values:
        """Take `wanted` (d) as goal; returns (d) how fast goals move, 0 where that is above the limit."""
        before, self.target = self.target, wanted
        if before is None:
            return (0.0,) * len(wanted)
        limits = self._limits
        return goal_speeds(wanted, before, limits.each_velocity, limits.period_s)

    def step_clock(self, now_ns: int) -> tuple[float, float]:
        """Go to a new instant; returns the steps in s of the time-out and ROS clocks, below 0 = back."""
        step_s = 0.0 if self._now_ns is None else (now_ns - self._now_ns) / NS_PER_S
        if step_s < 0.0:
            self._forget_the_future(now_ns)
        self._now_ns = now_ns
        ros_step_s, self._ros_step_s = self._ros_step_s, 0.0
        return step_s, ros_step_s

    def _forget_the_future(self, now_ns: int) -> None:
        """The clock went back: what was heard later than now would stay fresh until it is there again."""
        for heard_ns in (self._stream_ns, self._heartbeat_ns, self._estop_ns):
            heard_ns.update({source: min(instant_ns, now_ns) for source, instant_ns in heard_ns.items()})
        self._command_ns = _not_after(self._command_ns, now_ns)
        self._armed_ns = _not_after(self._armed_ns, now_ns)
        self._trust_ns = _not_after(self._trust_ns, now_ns)

    @property
    def is_estop_pressed(self) -> bool:
        """Any source is pressed."""
        return bool(self._pressed)

    @property
    def pressed_sources(self) -> tuple[str, ...]:
        """Names of the pressed sources."""
        return tuple(sorted(self._pressed))

    def measured(self) -> Values | None:
        """(d) newest measured positions, or opening, message order; None for twists or before the first joint
        state.
        """
        if self.joint_positions is None or not self._limits.joint_indices:
            return None
        if self._measured is None:
            positions = self.joint_positions.tolist()
            values = tuple([positions[index] for index in self._limits.joint_indices])
            if self._limits.opening is not None:
                at_zero_m, per_joint_m = self._limits.opening
                values = tuple([at_zero_m + per_joint_m * value for value in values])
            self._measured = values
        return self._measured

    def stream_ages_s(self, now_ns: int) -> dict[str, float]:
        """s by stream name; NaN = never seen."""
        return {
            name: (now_ns - self._stream_ns[name]) / NS_PER_S if name in self._stream_ns else math.nan
            for name in self._limits.stream_max_age_s
        }

    def heartbeat_ages_s(self, now_ns: int) -> dict[str, float]:
        """s by source heard."""
        if not self._heartbeat_ns:
            return {}
        return {source: (now_ns - heard_ns) / NS_PER_S for source, heard_ns in self._heartbeat_ns.items()}

    def estop_ages_s(self, now_ns: int) -> dict[str, float]:
        """s by e-stop source heard."""
        return {source: (now_ns - heard_ns) / NS_PER_S for source, heard_ns in self._estop_ns.items()}

    def estop_silences_s(self, now_ns: int) -> dict[str, float]:
        """s by e-stop source heard: the longest for which it was silent since this was asked last."""
        if not self._estop_ns:
            return {}
        silences_ns, self._estop_silence_ns = self._estop_silence_ns, {}
        return {
            source: max(age_s, silences_ns.get(source, 0) / NS_PER_S)
            for source, age_s in self.estop_ages_s(now_ns).items()
        }

    def command_age_s(self, now_ns: int, since_armed: bool = False) -> float:
        """s since the last command; with `since_armed`, since arming where that is later. NaN = neither."""
        newest_ns, armed_ns = self._command_ns, self._armed_ns
        if since_armed and armed_ns is not None:
            newest_ns = armed_ns if newest_ns is None else max(newest_ns, armed_ns)
        return math.nan if newest_ns is None else (now_ns - newest_ns) / NS_PER_S

    def next_timeout_s(
        self, now_ns: int, command_timeout_s: float, heartbeat_timeout_s: float, estop_timeout_s: float
    ) -> float:
        """s until the first of command, streams, heartbeats and e-stop sources becomes too old; infinite =
        none of them runs, what is too old already is not counted.
        """
        limits_s = self._limits.stream_max_age_s
        left_s = [limits_s[name] - age_s for name, age_s in self.stream_ages_s(now_ns).items()]
        left_s += [heartbeat_timeout_s - age_s for age_s in self.heartbeat_ages_s(now_ns).values()]
        left_s += [estop_timeout_s - age_s for age_s in self.estop_ages_s(now_ns).values()]
        left_s.append(self.command_left_s(now_ns, command_timeout_s))
        return min((left for left in left_s if left >= 0.0), default=math.inf)

    def command_left_s(self, now_ns: int, command_timeout_s: float) -> float:
        """s until the last command, or arming where that is later, is too long ago; NaN = neither was."""
        return command_timeout_s - self.command_age_s(now_ns, since_armed=True)


def _not_after(instant_ns: int | None, now_ns: int) -> int | None:
    return None if instant_ns is None else min(instant_ns, now_ns)
