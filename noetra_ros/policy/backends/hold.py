"""Holds still: repeats the measured joint positions, or a zero twist for a base."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import ActionChunk, CommandKind, FloatArray, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.observation import joints_in_order
from noetra_ros.policy.spec import PolicySpec

TWIST_NAMES = ("vx", "vy", "wz")


@BACKENDS.register("hold")
class HoldBackend:
    """Needs no picture and no sentence; the first backend to try on a new robot.

    The first measurement after `reset()` is held, so that the robot does not creep down under its own weight.
    """

    def __init__(self, options: BackendOptions) -> None:
        channel = options.robot.channel(options.channel)
        self._channel = options.channel_name
        self._held: FloatArray | None = None
        is_base = channel.kind is CommandKind.BASE_TWIST
        self._spec = PolicySpec(
            model="hold 1",
            kind=channel.kind,
            joints=() if is_base else channel.joints,
            actions=TWIST_NAMES if is_base else channel.joints,
            unit="m/s" if is_base else "rad",
            rows=8,
            step_s=0.1,
            start_offset_s=0.1,
            replan_s=0.2,
            needs_instruction=False,
        )
        self._chunks = ChunkWriter(self._spec, self._channel)

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives."""
        return self._spec

    def load(self) -> None:
        """Nothing to load."""

    def infer(self, observation: Observation) -> ActionChunk:
        """Where it stands, `rows` times; zero for velocities and twists."""
        if self._held is None:
            self._held = self._still(observation)
        return self._chunks.write(observation, np.tile(self._held, (self._spec.rows, 1)))

    def reset(self) -> None:
        """Hold the next measurement from now on."""
        self._held = None

    def _still(self, observation: Observation) -> FloatArray:
        if self._spec.kind is CommandKind.JOINT_POSITION:
            return joints_in_order(observation, self._spec.joints)
        return np.zeros(len(self._spec.actions))
