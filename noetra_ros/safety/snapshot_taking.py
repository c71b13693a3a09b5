"""A snapshot of inputs and output at one instant."""

from __future__ import annotations

from noetra_ros.core.types import Command
from noetra_ros.safety.inputs import Inputs
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.output import Output
from noetra_ros.safety.snapshot import Snapshot, Values


def take_snapshot(
    now_ns: int,
    limits: ChannelLimits,
    inputs: Inputs,
    output: Output,
    command: Command | None,
    wanted: Values | None,
    proposed: Values | None,
    lead_s: float,
) -> Snapshot:
    """Everything but what the modes and perception say.

    Args:
        now_ns: the instant.
        limits: of the channel.
        inputs: what was heard; its clock goes on to `now_ns`.
        output: what was sent.
        command: the command to judge; None = a tick.
        wanted: (d) its usable values; None = none.
        proposed: (d) what would be sent for it; None = nothing.
        lead_s: s by which commands run ahead of real time.
    """
    motion = output.motion
    has_rest = limits.is_position and proposed is not None and limits.tool is not None
    trail = output.trail
    clock_step_s, ros_clock_step_s = inputs.step_clock(now_ns)
    return Snapshot(
        now_ns=now_ns,
        limits=limits,
        is_armed=False,
        is_moving=output.is_stopping,
        command=command.values if command is not None else None,
        command_names=command.names if command is not None else (),
        command_kind=command.kind if command is not None else None,
        command_efforts=command.efforts if command is not None else None,
        command_frame=command.frame if command is not None else "",
        sent_since=None if trail is None else lambda span_s: trail.since(now_ns, span_s),
        command_age_s=inputs.command_age_s(now_ns, since_armed=True),
        lead_s=lead_s,
        sent=motion.sent(),
        sent_velocity=motion.velocity(),
        sent_acceleration=motion.acceleration(),
        wanted=wanted,
        proposed=proposed,
        proposed_rest=motion.rest_after(proposed) if has_rest and proposed is not None else None,
        stop_rest=motion.rest_now if limits.is_position else None,
        measured=inputs.measured(),
        joint_positions=inputs.joint_positions,
        stream_age_s=inputs.stream_ages_s(now_ns),
        heartbeat_age_s=inputs.heartbeat_ages_s(now_ns),
        is_estop_pressed=inputs.is_estop_pressed,
        estop_age_s=inputs.estop_ages_s(now_ns),
        clock_step_s=clock_step_s,
        ros_clock_step_s=ros_clock_step_s,
        scans=inputs.scans_seen(now_ns, output.reckoning),
        other_writers=inputs.other_writers,
        policy_trust=inputs.policy_trust,
        policy_trust_age_s=inputs.trust_age_s(now_ns),
    )
