"""The expert as a policy: plans from the simulator's truth; simulation only."""

from __future__ import annotations

import time

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ActionChunk, ActionPrefix, CommandKind, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.spec import PolicySpec

TWIST_NAMES = ("vx", "vy", "wz")
KNOWN = (CommandKind.JOINT_POSITION, CommandKind.BASE_TWIST)


@BACKENDS.register("scripted")
class ScriptedBackend:
    """Wraps the planner that whoever builds it injects; sees no picture."""

    def __init__(self, options: BackendOptions) -> None:
        channel = options.robot.channel(options.channel)
        if channel.kind not in KNOWN:
            expected = "a joint_position or base_twist channel"
            raise single_fault(f"robot {options.robot.name}", "channel", channel.kind.value, expected)
        is_base = channel.kind is CommandKind.BASE_TWIST
        self._planner = options.planner
        self._channel = options.channel_name
        self._spec = PolicySpec(
            model="scripted 1",
            kind=channel.kind,
            joints=channel.joints,
            actions=TWIST_NAMES if is_base else channel.joints,
            unit="m/s" if is_base else "rad",
            rows=8,
            step_s=0.1,
            start_offset_s=0.1,
            replan_s=0.2,
            needs_truth=True,
        )
        self._chunks = ChunkWriter(self._spec, self._channel)

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives."""
        return self._spec

    def load(self) -> None:
        """Check that there is a planner.

        Raises:
            ConfigError: none was given, as on a real robot.
        """
        if self._planner is None:
            remedy = "the scripted expert runs in simulation only; choose another policy backend"
            raise single_fault("policy scripted", "planner", "nothing", "the simulator's truth", remedy)

    def infer(self, observation: Observation) -> ActionChunk:
        """The expert's plan.

        Raises:
            PolicyError: not loaded, or the planner's answer has another shape.
        """
        return self.infer_after(observation, ActionPrefix(np.zeros((0, len(self._spec.actions))), 0))

    def infer_after(self, observation: Observation, prefix: ActionPrefix) -> ActionChunk:
        """The frozen rows of `prefix`, then the expert's plan from where they lead.

        Raises:
            PolicyError: as `infer`.
        """
        if self._planner is None:
            raise PolicyError("policy scripted has no planner: call load() first, it says why")
        started_s = time.perf_counter()
        decided = prefix.values[: prefix.frozen]
        answer = self._planner(observation, self._spec.rows, self._spec.step_s, decided)
        values = np.asarray(answer, dtype=np.float64)
        expected = (self._spec.rows, len(self._spec.actions))
        if values.shape != expected:
            raise PolicyError(f"the planner gave {values.shape}, expected {expected}")
        return self._chunks.write(observation, values, time.perf_counter() - started_s)

    def reset(self) -> None:
        """The expert has no memory."""
