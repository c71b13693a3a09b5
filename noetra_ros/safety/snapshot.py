"""Everything that a check may look at, frozen at one instant.

Values of axes are tuples of floats: for a handful of joints they are several times faster than arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.safety.all_axes import differences
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.others import Others
from noetra_ros.safety.quick import quick
from noetra_ros.safety.reckoning import Pose, SeenScan

Values = tuple[float, ...]


@dataclass(frozen=True)
class Snapshot:
    """One instant as the supervisor knows it. Arrays are in message order of the channel; nothing may be
    changed.

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

    now_ns: int
    limits: ChannelLimits
    is_armed: bool
    is_moving: bool
    command: FloatArray | None
    command_names: tuple[str, ...]
    command_kind: CommandKind | None
    command_age_s: float
    lead_s: float
    sent: Values
    sent_velocity: Values
    sent_acceleration: Values
    wanted: Values | None = None
    proposed: Values | None = None
    proposed_rest: Values | None = None
    stop_rest: Callable[[], Values] | None = None
    measured: Values | None = None
    joint_positions: FloatArray | None = None
    stream_age_s: Mapping[str, float] = field(default_factory=dict)
    heartbeat_age_s: Mapping[str, float] = field(default_factory=dict)
    is_estop_pressed: bool = False
    estop_age_s: Mapping[str, float] = field(default_factory=dict)
    clock_step_s: float = 0.0
    ros_clock_step_s: float = 0.0
    cycle_s: float = math.nan
    scene: ObstacleScene | None = None
    scene_age_s: float = math.nan
    scene_fault: str = ""
    scans: Mapping[str, SeenScan] = field(default_factory=dict)
    is_speed_reduced: bool = False
    command_efforts: FloatArray | None = None
    command_frame: str = ""
    sent_since: Callable[[float], FloatArray] | None = None
    other_writers: tuple[str, ...] = ()
    is_command_awaited: bool = True
    policy_trust: float = math.nan
    policy_trust_age_s: float = math.nan
    others: Others | None = None
    moved_within: Callable[[float], Pose] | None = None

    @property
    def asked_velocity(self) -> Values:
        """(d) unit/s that `wanted` asks for; empty without one."""
        return self._asked[0]

    @property
    def asked_acceleration(self) -> Values:
        """(d) unit/s2 that `wanted` asks for; empty without one."""
        return self._asked[1]

    @property
    def asked_jerk(self) -> Values:
        """(d) unit/s3 that `wanted` asks for; empty without one."""
        return self._asked[2]

    @cached_property
    def _asked(self) -> tuple[Values, Values, Values]:
        """Velocity, acceleration and jerk."""
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


quick_snapshot = quick(Snapshot)
