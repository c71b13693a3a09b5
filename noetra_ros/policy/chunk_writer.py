"""The chunks of one backend: its numbers with stamp, sequence, names and timing."""

from __future__ import annotations

import itertools

from noetra_ros.core.types import ActionChunk, FloatArray, Observation
from noetra_ros.policy.spec import PolicySpec


class ChunkWriter:
    """Counts the chunks that it writes, from 1.

    Args:
        spec: kind, names and timing of the chunks.
        channel: command channel that they are for.
    """

    def __init__(self, spec: PolicySpec, channel: str) -> None:
        self._spec, self._channel = spec, channel
        self._sequence = itertools.count(1)

    def write(self, observation: Observation, values: FloatArray, inference_s: float = 0.0) -> ActionChunk:
        """The chunk that answers an observation.

        Args:
            observation: that was answered.
            values: (rows, columns) in the spec's unit and order.
            inference_s: s that the model needed.

        Raises:
            ValueError: values of another shape, or not finite.
        """
        spec = self._spec
        return ActionChunk(
            stamp_ns=observation.stamp_ns,
            sequence=next(self._sequence),
            channel=self._channel,
            kind=spec.kind,
            names=spec.actions,
            start_offset_s=spec.start_offset_s,
            step_s=spec.step_s,
            values=values,
            instruction=observation.instruction,
            model=spec.model,
            inference_s=inference_s,
        )
