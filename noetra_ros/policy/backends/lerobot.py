"""A LeRobot checkpoint folder as its users have it: ACT, diffusion, SmolVLA, pi0, pi0.5 and their kin."""

from __future__ import annotations

import itertools
import os
import time

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ActionChunk, ActionPrefix, FloatArray, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.lerobot.checkpoint import STATE_KEY, LeRobotCheckpoint, read_checkpoint
from noetra_ros.policy.lerobot.environment import find_python
from noetra_ros.policy.lerobot.host import PREFIX
from noetra_ros.policy.lerobot.link import HostLink
from noetra_ros.policy.lerobot.needs import Needed, needed_by
from noetra_ros.policy.lerobot.sheet import LeRobotSheet
from noetra_ros.policy.model_sheet import read_sheet
from noetra_ros.policy.observation import joints_over_time, pictures
from noetra_ros.policy.spec import PolicySpec

CARRY_ON = ("smolvla", "pi0", "pi05")
NO_PREFIX = ActionPrefix(np.zeros((0, 0)), 0)
LOAD_LIMIT_S = 600.0  # a model of several GB from a slow disk
LEAST_WAIT_S = 2.0
WAIT_PER_WARM_UP = 20.0  # an inference that takes so many times longer than the one at load hangs


class LeRobotBackend:
    """Runs LeRobot itself, in a process and environment of its own; noetra.yaml says what its files do not.

    Noise of flow and diffusion policies is seeded by the number of inferences since `reset()`: the same
    observations give the same chunks.

    Attributes:
        stages_s: s that the last answer took in LeRobot: preprocessor, model, postprocessor.
    """

    def __init__(self, options: BackendOptions, checkpoint: LeRobotCheckpoint) -> None:
        self._folder = checkpoint.folder
        sheet = read_sheet(LeRobotSheet, self._folder, tuple(options.robot.joints))
        self._needed: Needed = needed_by(checkpoint, sheet)
        self._channel, self._device = options.channel_name, options.device
        self._chunks = ChunkWriter(self.spec, self._channel)
        self._seed = itertools.count(0)
        self._host: HostLink | None = None
        self.stages_s: dict[str, float] = {}
        self._wait_s = LOAD_LIMIT_S

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives."""
        return self._needed.spec

    def load(self) -> None:
        """Start LeRobot, read the weights, run once.

        Raises:
            ConfigError: no environment with LeRobot, or LeRobot cannot load the checkpoint.
        """
        python = find_python()
        self.close()
        threads = max(1, (os.cpu_count() or 1) // 2)
        fields = {"folder": str(self._folder.resolve()), "device": self._device, "threads": threads}
        try:
            self._host, self._wait_s = HostLink(python), LOAD_LIMIT_S
            self._host.ask(LOAD_LIMIT_S, {"operation": "load", **fields})
            self._warm_up()
        except PolicyError as error:
            self.close()
            expected = f"a checkpoint that the LeRobot of {python} loads"
            raise single_fault(str(self._folder), "checkpoint", error, expected) from error

    def infer(self, observation: Observation) -> ActionChunk:
        """The chunk that answers an observation.

        Raises:
            PolicyError: not loaded, no sentence where one is needed, the observation lacks what the spec asks
                for, or LeRobot fails or hangs.
        """
        return self._answer(observation, NO_PREFIX)

    def reset(self) -> None:
        """Forget the past."""
        self._seed = itertools.count(0)
        if self._host is not None:
            self._host.ask(self._wait_s, {"operation": "reset"})

    def close(self) -> None:
        """End LeRobot's process; it ends by itself where this one ends."""
        if self._host is not None:
            self._host.close()
            self._host = None

    def _answer(self, observation: Observation, prefix: ActionPrefix) -> ActionChunk:
        started_s = time.perf_counter()
        if self.spec.needs_instruction and not observation.instruction.strip():
            raise PolicyError(f"policy {self.spec.model} needs a sentence, got an empty one")
        values = self._run(self._tensors(observation), observation.instruction, prefix)
        return self._chunks.write(observation, values, time.perf_counter() - started_s)

    def _tensors(self, observation: Observation) -> dict[str, np.ndarray]:
        """What the model reads, by its own names; the instants that it looks back to come first."""
        tensors: dict[str, np.ndarray] = {
            key: np.stack(pictures(observation, need)) for key, need in self._needed.pictures.items()
        }
        if self.spec.joints:
            joints_rad = joints_over_time(observation, self.spec.joints, self.spec.joint_history)
            tensors[STATE_KEY] = self._needed.joints_to_model(joints_rad).astype(np.float32)
        return tensors

    def _run(
        self, tensors: dict[str, np.ndarray], sentence: str, prefix: ActionPrefix = NO_PREFIX
    ) -> FloatArray:
        """(rows, columns) in the chunk's unit."""
        if self._host is None:
            raise PolicyError(f"policy {self.spec.model} is not loaded: call load() first")
        decided = prefix.values[: self.spec.rows]
        if len(decided):
            to_model = self._needed.actions_from_model.inverse()
            tensors = {**tensors, PREFIX: to_model(decided).astype(np.float32)}
        frozen = min(prefix.frozen, len(decided))
        fields = {"operation": "infer", "seed": next(self._seed), "task": sentence, "frozen": frozen}
        self.stages_s, arrays = self._host.ask(self._wait_s, fields, tensors)
        values = arrays["values"].astype(np.float64)
        expected = (self.spec.rows, len(self.spec.actions))
        if values.shape != expected:
            raise PolicyError(f"policy {self.spec.model} answered {values.shape}, expected {expected}")
        if not np.isfinite(values).all():
            raise PolicyError(f"policy {self.spec.model} answered NaN or infinity")
        return self._needed.actions_from_model(values)

    def _warm_up(self) -> None:
        """One run on blank input: the first takes longer, and a wrong shape shows before anything moves."""
        blank: dict[str, np.ndarray] = {
            key: np.zeros((need.history.count, need.height_px, need.width_px, 3), np.uint8)
            for key, need in self._needed.pictures.items()
        }
        if self.spec.joints:
            blank[STATE_KEY] = np.zeros((self.spec.joint_history.count, len(self.spec.joints)), np.float32)
        for _ in range(2):
            began_s = time.perf_counter()
            self._run(blank, "warm up")
            self._wait_s = max(LEAST_WAIT_S, WAIT_PER_WARM_UP * (time.perf_counter() - began_s))
        self.reset()


class CarryingBackend(LeRobotBackend):
    """A flow policy, for which LeRobot has real-time chunking."""

    def infer_after(self, observation: Observation, prefix: ActionPrefix) -> ActionChunk:
        """The chunk that answers an observation and carries on from what is decided.

        Raises:
            PolicyError: as `infer`.
        """
        return self._answer(observation, prefix)


@BACKENDS.register("lerobot")
def lerobot_backend(options: BackendOptions) -> LeRobotBackend:
    """The backend for a checkpoint.

    Raises:
        ConfigError: none is named, or its files or its sheet are wrong.
    """
    if options.checkpoint is None:
        remedy = "set checkpoint to the folder pretrained_model of a LeRobot training"
        raise single_fault("policy lerobot", "checkpoint", "nothing", "a LeRobot checkpoint folder", remedy)
    checkpoint = read_checkpoint(options.checkpoint)
    kind = CarryingBackend if checkpoint.policy in CARRY_ON else LeRobotBackend
    return kind(options, checkpoint)
