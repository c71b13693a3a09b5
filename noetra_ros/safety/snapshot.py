"""Everything that a check may look at, frozen at one instant.

Values of axes are tuples of floats: for a handful of joints they are several times faster than arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.safety.all_axes import differences
from noetra_ros.safety.attributes import written
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.others import Others
from noetra_ros.safety.reckoning import Pose, SeenScan

Values = tuple[float, ...]
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Snapshot:
    """One instant as the supervisor knows it. Arrays are in message order of the channel; nothing may be
    changed. Made with each command: this constructor costs a fifth of that of a frozen dataclass.

    Attributes:
        now_ns: the instant, on the clock that time-outs run on.
        limits: limits of the channel.
        is_armed: commands may pass.
        is_moving: what was last sent is not at rest.
        command: (k,) values as they arrived, k and content unchecked; None = no command now (a tick).
        command_names: names that it carried; empty for types without names.
        command_kind: what its values mean; None = no command now.
        command_efforts: (k,) N or Nm that it carried, content unchecked; None = none.
        command_frame: frame that it carried; empty = none.
        command_age_s: s since the last command came, or since arming where none came; NaN = neither.
        lead_s: s by which the commands accepted so far, with this one, run ahead of real time.
        sent: (d) last sent values: positions, or velocities for twists.
        sent_velocity: (d) their velocity; equals `sent` for twists.
        sent_acceleration: (d) their acceleration.
        wanted: (d) the usable command; None where it has a wrong size or is not finite.
        proposed: (d) what would be sent for `wanted`, within all limits of the axes; None without one.
        proposed_rest: (d) where a controlled stop from `proposed` ends; None for twists or without one.
        stop_rest: gives (d) where a controlled stop begun now would end; None for twists.
        measured: (d) newest measured positions; None for twists, and before the first joint state.
        joint_positions: (n,) newest measured positions of all joints, profile order; None as above.
        stream_age_s: s by stream name, on arrival; NaN = never seen.
        heartbeat_age_s: s by source; a source that was never heard is missing.
        is_estop_pressed: any emergency-stop source is pressed.
        estop_age_s: s since each emergency-stop source told its state, or its longest silence since the
            snapshot before, where that was longer; one that never told its state is missing.
        clock_step_s: s from the instant before to this one; negative = the clock went backwards.
        ros_clock_step_s: the same for the ROS clock; 0 where it is not watched.
        cycle_s: s between the supervisor's judgements, the longest of late.
        scene: what perception told last; None = nothing yet.
        scene_age_s: s since the sensor data that it rests on; NaN = nothing yet.
        scene_fault: why the newest message of perception could not be read; empty = it could.
        sent_since: of twists of a tool: gives (k, 7) what was sent within the last so many s, oldest first:
            duration s and the twist; None on other channels.
        scans: newest laser scans by stream, with the way that the base has gone since by what was sent.
        is_speed_reduced: the mode reduced speed is on.
        other_writers: programs beside this one that publish on the controller's topic.
        is_command_awaited: commands are to keep coming; not so from a whole trajectory on.
        policy_trust: how far the policy said that it is to be trusted, 0..1; NaN = it never said.
        policy_trust_age_s: s since it said so; NaN = it never did.
        others: the channels that are gated with this one; None = nothing was told of any.
        moved_within: of a base: gives its pose now in its own frame of so many s ago, by what was sent; None
            on other channels.
    """

    now_ns: Final[int]
    limits: Final[ChannelLimits]
    is_armed: Final[bool]
    is_moving: Final[bool]
    command: Final[FloatArray | None]
    command_names: Final[tuple[str, ...]]
    command_kind: Final[CommandKind | None]
    command_age_s: Final[float]
    lead_s: Final[float]
    sent: Final[Values]
    sent_velocity: Final[Values]
    sent_acceleration: Final[Values]
    wanted: Final[Values | None]
    proposed: Final[Values | None]
    proposed_rest: Final[Values | None]
    stop_rest: Final[Callable[[], Values] | None]
    measured: Final[Values | None]
    joint_positions: Final[FloatArray | None]
    stream_age_s: Final[Mapping[str, float]]
    heartbeat_age_s: Final[Mapping[str, float]]
    is_estop_pressed: Final[bool]
    estop_age_s: Final[Mapping[str, float]]
    clock_step_s: Final[float]
    ros_clock_step_s: Final[float]
    cycle_s: Final[float]
    scene: Final[ObstacleScene | None]
    scene_age_s: Final[float]
    scene_fault: Final[str]
    scans: Final[Mapping[str, SeenScan]]
    is_speed_reduced: Final[bool]
    command_efforts: Final[FloatArray | None]
    command_frame: Final[str]
    sent_since: Final[Callable[[float], FloatArray] | None]
    other_writers: Final[tuple[str, ...]]
    is_command_awaited: Final[bool]
    policy_trust: Final[float]
    policy_trust_age_s: Final[float]
    others: Final[Others | None]
    moved_within: Final[Callable[[float], Pose] | None]

    def __init__(
        self,
        now_ns: int, limits: ChannelLimits, is_armed: bool, is_moving: bool, command: FloatArray | None,
        command_names: tuple[str, ...], command_kind: CommandKind | None, command_age_s: float, lead_s: float,
        sent: Values, sent_velocity: Values, sent_acceleration: Values, wanted: Values | None = None,
        proposed: Values | None = None, proposed_rest: Values | None = None,
        stop_rest: Callable[[], Values] | None = None, measured: Values | None = None,
        joint_positions: FloatArray | None = None, stream_age_s: Mapping[str, float] = NOTHING,
        heartbeat_age_s: Mapping[str, float] = NOTHING, is_estop_pressed: bool = False,
        estop_age_s: Mapping[str, float] = NOTHING, clock_step_s: float = 0.0, ros_clock_step_s: float = 0.0,
        cycle_s: float = math.nan, scene: ObstacleScene | None = None, scene_age_s: float = math.nan,
        scene_fault: str = "", scans: Mapping[str, SeenScan] = NOTHING, is_speed_reduced: bool = False,
        command_efforts: FloatArray | None = None, command_frame: str = "",
        sent_since: Callable[[float], FloatArray] | None = None, other_writers: tuple[str, ...] = (),
        is_command_awaited: bool = True, policy_trust: float = math.nan, policy_trust_age_s: float = math.nan,
        others: Others | None = None, moved_within: Callable[[float], Pose] | None = None,
    ) -> None:  # fmt: skip
        self.now_ns, self.limits, self.is_armed, self.is_moving = now_ns, limits, is_armed, is_moving
        self.command, self.command_names, self.command_kind = command, command_names, command_kind
        self.command_age_s, self.lead_s, self.sent = command_age_s, lead_s, sent
        self.sent_velocity, self.sent_acceleration, self.wanted = sent_velocity, sent_acceleration, wanted
        self.proposed, self.proposed_rest, self.stop_rest = proposed, proposed_rest, stop_rest
        self.measured, self.joint_positions, self.stream_age_s = measured, joint_positions, stream_age_s
        self.heartbeat_age_s, self.is_estop_pressed = heartbeat_age_s, is_estop_pressed
        self.estop_age_s, self.clock_step_s = estop_age_s, clock_step_s
        self.ros_clock_step_s, self.cycle_s, self.scene = ros_clock_step_s, cycle_s, scene
        self.scene_age_s, self.scene_fault, self.scans = scene_age_s, scene_fault, scans
        self.is_speed_reduced, self.command_efforts = is_speed_reduced, command_efforts
        self.command_frame, self.sent_since, self.other_writers = command_frame, sent_since, other_writers
        self.is_command_awaited, self.policy_trust = is_command_awaited, policy_trust
        self.policy_trust_age_s, self.others, self.moved_within = policy_trust_age_s, others, moved_within
        self._asked: tuple[Values, Values, Values] | None = None

    def __repr__(self) -> str:
        return written(self)

    @property
    def asked_velocity(self) -> Values:
        """(d) unit/s that `wanted` asks for; empty without one."""
        return self._all_asked()[0]

    @property
    def asked_acceleration(self) -> Values:
        """(d) unit/s2 that `wanted` asks for; empty without one."""
        return self._all_asked()[1]

    @property
    def asked_jerk(self) -> Values:
        """(d) unit/s3 that `wanted` asks for; empty without one."""
        return self._all_asked()[2]

    def _all_asked(self) -> tuple[Values, Values, Values]:
        """Velocity, acceleration and jerk; of several checks the first one has them made."""
        if self._asked is None:
            self._asked = self._differences()
        return self._asked

    def _differences(self) -> tuple[Values, Values, Values]:
        if self.wanted is None:
            return (), (), ()
        sent, limits = (self.sent, self.sent_velocity, self.sent_acceleration), self.limits
        return differences(self.wanted, sent, limits.is_position, limits.period_s)

    def tool_positions(self, values: Sequence[float]) -> list[FloatArray] | None:
        """Centre point of every tool for channel `values`, other joints as measured.

        Returns:
            (3,) metres, base frame, for each of `limits.tools`; None without joint states, and for twists.
        """
        if self.joint_positions is None or not self.limits.is_position:
            return None
        if self.limits.is_every_joint:
            positions = np.array(values)
        else:
            positions = np.array(self.joint_positions)
            positions[list(self.limits.joint_indices)] = values
        return [tool.kinematics.tool_position(positions) for tool in self.limits.tools]
