"""Messages to core types and back: stamps, joint states, action chunks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from builtin_interfaces.msg import Duration, Time
from sensor_msgs.msg import JointState as JointStateMessage

from noetra_ros.core.types import ActionChunk, CommandKind, FloatArray, JointState
from noetra_ros.msg import ActionChunk as ActionChunkMessage

NS_PER_S = 1_000_000_000
CHUNK_KINDS = {
    CommandKind.JOINT_POSITION: ActionChunkMessage.KIND_JOINT_POSITION,
    CommandKind.JOINT_VELOCITY: ActionChunkMessage.KIND_JOINT_VELOCITY,
    CommandKind.BASE_TWIST: ActionChunkMessage.KIND_BASE_TWIST,
}


def stamp_to_ns(stamp: Time | Duration) -> int:
    """ROS time or duration in ns."""
    return int(stamp.sec) * NS_PER_S + int(stamp.nanosec)


def ns_to_stamp(time_ns: int) -> Time:
    """ROS time of an instant in ns; negative instants have no stamp and raise ValueError."""
    if time_ns < 0:
        raise ValueError(f"{time_ns} ns lies before the epoch")
    seconds, nanoseconds = divmod(int(time_ns), NS_PER_S)
    return Time(sec=seconds, nanosec=nanoseconds)


def seconds_to_duration(time_s: float) -> Duration:
    """A ROS duration."""
    seconds, nanoseconds = divmod(round(time_s * NS_PER_S), NS_PER_S)
    return Duration(sec=seconds, nanosec=nanoseconds)


def joint_state_from_message(message: JointStateMessage, names: Sequence[str]) -> JointState:
    """Measured joints in the order of `names`; further joints of the message are left out.

    Raises:
        ValueError: a joint is missing or the message has fewer positions than names.
    """
    place = {name: i for i, name in enumerate(message.name)}
    missing = [name for name in names if name not in place]
    if missing:
        raise ValueError(
            f"joint_states lacks {', '.join(missing)}; it has {', '.join(message.name) or 'nothing'}"
        )
    if len(message.position) != len(message.name):
        raise ValueError(f"joint_states has {len(message.position)} positions for {len(message.name)} names")
    order = [place[name] for name in names]
    return JointState(
        stamp_ns=stamp_to_ns(message.header.stamp),
        names=tuple(names),
        positions=np.asarray(message.position, dtype=np.float64)[order],
        velocities=_or_nan(message.velocity, len(place), order),
        efforts=_or_nan(message.effort, len(place), order),
    )


def joint_positions_from_message(message: JointStateMessage, names: Sequence[str]) -> FloatArray:
    """(n,) measured positions in the order of `names`: what the control path needs, and nothing else.

    Raises:
        ValueError: as `joint_state_from_message`.
    """
    if message.name == names and len(message.position) == len(names):
        return np.array(message.position, dtype=np.float64)
    return joint_state_from_message(message, names).positions


def _or_nan(values: Sequence[float], count: int, order: list[int]) -> FloatArray:
    """`values` in `order`, NaN where the message holds none (ROS leaves the array empty)."""
    if len(values) != count:
        return np.full(len(order), np.nan)
    return np.asarray(values, dtype=np.float64)[order]


def joint_state_to_message(state: JointState, frame_id: str = "") -> JointStateMessage:
    """A joint_states message; NaN velocities and efforts stay NaN."""
    message = JointStateMessage(name=list(state.names))
    message.header.stamp = ns_to_stamp(state.stamp_ns)
    message.header.frame_id = frame_id
    message.position = state.positions.tolist()
    message.velocity = state.velocities.tolist()
    message.effort = state.efforts.tolist()
    return message


def chunk_from_message(message: ActionChunkMessage) -> ActionChunk:
    """A chunk as the policy meant it.

    Raises:
        ValueError: unknown kind, wrong number of values, NaN, bad step or offset.
    """
    kinds = {number: kind for kind, number in CHUNK_KINDS.items()}
    if message.kind not in kinds:
        raise ValueError(f"chunk kind is {message.kind}, expected one of {sorted(kinds)}")
    if len(message.values) != message.rows * len(message.names):
        raise ValueError(
            f"chunk has {len(message.values)} values for {message.rows} rows of {len(message.names)}"
        )
    return ActionChunk(
        stamp_ns=stamp_to_ns(message.header.stamp),
        sequence=int(message.sequence),
        channel=message.channel,
        kind=kinds[message.kind],
        names=tuple(message.names),
        start_offset_s=message.start_offset_s,
        step_s=message.step_s,
        values=np.array(message.values, dtype=np.float64).reshape(message.rows, len(message.names)),
        instruction=message.instruction,
        model=message.model,
        inference_s=message.inference_s,
    )


def chunk_to_message(chunk: ActionChunk, frame_id: str = "") -> ActionChunkMessage:
    """The message of a chunk; `frame_id` is the base frame for twists, empty for joints.

    Raises:
        ValueError: a kind that no chunk is sent of.
    """
    if chunk.kind not in CHUNK_KINDS:
        known = ", ".join(kind.value for kind in CHUNK_KINDS)
        raise ValueError(f"chunk of {chunk.kind.value}, expected one of {known}")
    message = ActionChunkMessage(
        sequence=chunk.sequence,
        channel=chunk.channel,
        kind=CHUNK_KINDS[chunk.kind],
        names=list(chunk.names),
        start_offset_s=float(chunk.start_offset_s),
        step_s=float(chunk.step_s),
        rows=chunk.values.shape[0],
        values=chunk.values.ravel().tolist(),
        instruction=chunk.instruction,
        model=chunk.model,
        inference_s=float(chunk.inference_s),
    )
    message.header.stamp = ns_to_stamp(chunk.stamp_ns)
    message.header.frame_id = frame_id
    return message
