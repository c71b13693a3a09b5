"""Replays a recorded episode: goes to where it began, then along it, waiting for a robot that was stopped."""

from __future__ import annotations

import math

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ActionChunk, CommandKind, FloatArray, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.observation import joints_in_order
from noetra_ros.policy.recording import read_recording
from noetra_ros.policy.spec import PolicySpec

APPROACH_RADPS = 0.3  # slow: nobody has recorded the way to the beginning
FOLLOWED_RAD = 0.35  # a robot further from the path than this has been stopped: time waits for it
AHEAD_S = 0.8
REPLAN_S = 0.2
NS_PER_S = 1e9


@BACKENDS.register("replay")
class ReplayBackend:
    """Sees no picture; begins anew with every sentence, whatever it says. At the end it holds."""

    def __init__(self, options: BackendOptions) -> None:
        if options.checkpoint is None:
            remedy = "set checkpoint to a folder of noetra demos or of a LeRobot dataset, FOLDER#3"
            raise single_fault("policy replay", "checkpoint", "nothing", "a recorded episode", remedy)
        self._recording = recording = read_recording(options.checkpoint, options.robot)
        self._channel = options.channel_name
        is_base = recording.kind is CommandKind.BASE_TWIST
        self._spec = PolicySpec(
            model=recording.name,
            kind=recording.kind,
            joints=() if is_base else recording.names,
            actions=recording.names,
            unit="m/s" if is_base else "rad",
            rows=max(2, math.ceil(AHEAD_S / recording.step_s)),
            step_s=recording.step_s,
            start_offset_s=0.0,
            replan_s=max(REPLAN_S, recording.step_s),
        )
        self._chunks = ChunkWriter(self._spec, self._channel)
        self.reset()

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives."""
        return self._spec

    def load(self) -> None:
        """Nothing to load: the recording was read for the spec."""

    def infer(self, observation: Observation) -> ActionChunk:
        """The next part of the recording.

        Raises:
            PolicyError: a joint is missing.
        """
        measured = joints_in_order(observation, self._spec.joints)
        self._advance(observation.stamp_ns, measured)
        offsets_s = self._spec.step_s * np.arange(self._spec.rows)
        return self._chunks.write(observation, self._rows(self._phase_s + offsets_s))

    def reset(self) -> None:
        """Begin anew with the next observation."""
        self._began_at: FloatArray | None = None
        self._approach_s = 0.0
        self._phase_s = 0.0
        self._stamp_ns = 0

    def _advance(self, stamp_ns: int, measured: FloatArray) -> None:
        """Time goes on where the robot follows; a stamp that goes back means that an episode was cut."""
        if stamp_ns < self._stamp_ns:
            raise PolicyError(f"observation of {stamp_ns} ns after one of {self._stamp_ns} ns: reset first")
        if self._began_at is None:
            self._begin(measured)
        elif self._is_followed(measured):
            self._phase_s += (stamp_ns - self._stamp_ns) / NS_PER_S
        self._stamp_ns = stamp_ns

    def _begin(self, measured: FloatArray) -> None:
        self._began_at = measured
        if self._spec.kind is CommandKind.JOINT_POSITION:
            distance_rad = float(np.abs(self._recording.values[0] - measured).max())
            self._approach_s = distance_rad / APPROACH_RADPS

    def _is_followed(self, measured: FloatArray) -> bool:
        if self._spec.kind is not CommandKind.JOINT_POSITION:
            return True
        wanted = self._rows(np.array([self._phase_s]))[0]
        return bool(np.abs(wanted - measured).max() <= FOLLOWED_RAD)

    def _rows(self, phases_s: FloatArray) -> FloatArray:
        """(m, d) at phases: first the approach, then the recording."""
        rows = self._recording.at(phases_s - self._approach_s)
        if self._approach_s > 0.0:
            assert self._began_at is not None
            share = np.clip(phases_s / self._approach_s, 0.0, 1.0)[:, np.newaxis]
            way = self._began_at + share * (self._recording.values[0] - self._began_at)
            rows = np.where(phases_s[:, np.newaxis] < self._approach_s, way, rows)
        return rows
