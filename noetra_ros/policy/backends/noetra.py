"""A network of the noetra family: any size, on CPU or GPU, with real-time chunking."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from noetra_ros.core.types import ActionChunk, ActionPrefix, FloatArray, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.checkpoint import SHIPPED_FOLDER, read_config
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.observation import joints_in_order, picture
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.trust.distance import Array
from noetra_ros.policy.trust.file import read_trust
from noetra_ros.policy.trust.watch import TrustWatch

if TYPE_CHECKING:
    from noetra_ros.policy.models.noetra.runners import Inference

# Of a chunk. A network that is given half of its answer goes on with it instead of looking: with 4 of 8 rows
# given nano 2 succeeded in 38 of 100, guided in 88.
GIVEN_SHARE = 0.5
NO_PREFIX = ActionPrefix(np.zeros((0, 1)), 0)


@BACKENDS.register("noetra")
class NoetraBackend:
    """On a GPU: bfloat16, and the fastest of eager, compiled and graphed, measured in `load`. On the CPU: one
    thread, float32.
    """

    def __init__(self, options: BackendOptions) -> None:
        self._folder = options.checkpoint or SHIPPED_FOLDER / "noetra_nano_flow"
        self._config = read_config(self._folder)
        self._spec = self._config.spec()
        self._chunks = ChunkWriter(self._spec, options.channel_name)
        self._device = options.device
        self._longest_prefix = int(self._config.training.get("longest_prefix", 0))
        self._inference: Inference | None = None
        self._watch: TrustWatch | None = None
        self.features: Array = np.zeros(0, np.float32)

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives."""
        return self._spec

    def load(self) -> None:
        """Import torch, read the weights, choose how to run them, run once.

        Raises:
            ConfigError: a missing device, unreadable weights, or tensors that do not fit the config.
        """
        import torch

        from noetra_ros.learning.device import choose_device
        from noetra_ros.policy.models.bundle import vocabulary_of
        from noetra_ros.policy.models.noetra.bundle import load_weights
        from noetra_ros.policy.models.noetra.runners import Inference

        device = choose_device(self._device)
        is_cpu = device.type == "cpu"
        if is_cpu:
            torch.set_num_threads(1)
        network = load_weights(self._folder, self._config).to(device)
        network.to_precision(torch.float32 if is_cpu else torch.bfloat16)
        self._vocabulary = vocabulary_of(self._config)
        trust = read_trust(self._folder)
        self._watch = None if trust is None else TrustWatch(trust)
        camera = self._spec.cameras[0]
        size = (camera.height_px, camera.width_px)
        self._inference = Inference(network, size, self._vocabulary.length)
        self._inference.choose(("eager",) if is_cpu else ("eager", "graphed", "compiled_graphed"))
        blank = np.zeros((len(self._spec.cameras), *size, 3), np.uint8)
        self._run(self._inference, blank, np.zeros(len(self._spec.joints)), "warm up", NO_PREFIX)

    def infer(self, observation: Observation) -> ActionChunk:
        """The chunk that answers an observation.

        Raises:
            PolicyError: not loaded, no sentence, or the observation lacks what the spec asks for.
        """
        return self.infer_after(observation, NO_PREFIX)

    def infer_after(self, observation: Observation, prefix: ActionPrefix) -> ActionChunk:
        """The chunk that carries on from what will have been executed when it arrives.

        As many frozen rows as the network was trained with are given to it as they are, while they are less
        than half of the chunk; more are a matter for guidance, which costs a gradient at each flow step.

        Raises:
            PolicyError: as `infer`, or a prefix with other columns than the chunk.
        """
        if self._inference is None:
            raise PolicyError(f"policy {self._spec.model} is not loaded: call load() first")
        if not observation.instruction.strip():
            raise PolicyError(f"policy {self._spec.model} needs a sentence, got an empty one")
        if len(prefix.values) and prefix.values.shape[1] != len(self._spec.actions):
            got, expected = prefix.values.shape[1], len(self._spec.actions)
            raise PolicyError(f"the prefix has {got} columns, expected {expected}")
        started_s = time.perf_counter()
        joints = joints_in_order(observation, self._spec.joints)
        frames = np.stack([picture(observation, need) for need in self._spec.cameras])
        values = self._run(self._inference, frames, joints, observation.instruction, prefix)
        if not np.isfinite(values).all():
            raise PolicyError(f"policy {self._spec.model} answered NaN or infinity")
        chunk = self._chunks.write(observation, values, time.perf_counter() - started_s)
        if self._watch is None:
            return chunk
        return replace(chunk, trust=self._watch.look(self.features, chunk).value)

    def reset(self) -> None:
        """The network has no memory; who watches it has."""
        if self._watch is not None:
            self._watch.reset()

    def _run(
        self,
        inference: Inference,
        frames: np.ndarray,
        joints: np.ndarray,
        sentence: str,
        prefix: ActionPrefix,
    ) -> FloatArray:
        """(rows, joints) rad."""
        frozen = min(prefix.frozen, self._spec.rows)
        words = self._vocabulary.encode(sentence)
        is_trained = frozen <= self._longest_prefix and frozen < GIVEN_SHARE * self._spec.rows
        inference.upload(frames, joints, words, prefix.values, frozen if is_trained else 0)
        run = inference.run if is_trained else lambda: inference.run_guided(len(prefix.values), frozen)
        values, self.features = run()
        chunk = values.astype(np.float64)
        chunk[:frozen] = prefix.values[:frozen]  # rounding aside they are the same
        return chunk
