"""The network trained in this repository: pictures, joints and a sentence in, an action chunk out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from noetra_ros.core.types import ActionChunk, FloatArray, ImageArray, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.checkpoint import SHIPPED_FOLDER, read_config
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.observation import joints_in_order, picture
from noetra_ros.policy.several_robots import RobotRequest
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.trust.distance import Array
from noetra_ros.policy.trust.file import read_trust
from noetra_ros.policy.trust.watch import TrustModel, TrustWatch

if TYPE_CHECKING:
    from noetra_ros.policy.models.nano import NanoNetwork

THIS_ROBOT = ""


@BACKENDS.register("noetra_nano")
class NoetraNanoBackend:
    """Runs on one CPU thread: with two, 3 ms become 74 ms as soon as threads compete for cores."""

    def __init__(self, options: BackendOptions) -> None:
        self._folder = options.checkpoint or SHIPPED_FOLDER / "noetra_nano"
        self._config = read_config(self._folder)
        self._spec = self._config.spec()
        self._channel = options.channel_name
        self._chunks = ChunkWriter(self._spec, self._channel)
        self._device = options.device
        self._network: NanoNetwork | None = None
        self._trust: TrustModel | None = None
        self._watches: dict[str, TrustWatch] = {}
        self.features: Array = np.zeros(0, np.float32)

    @property
    def spec(self) -> PolicySpec:
        """What it needs and gives."""
        return self._spec

    def load(self) -> None:
        """Import torch, read the weights, run once.

        Raises:
            ConfigError: unreadable weights, or every tensor that does not fit the config.
        """
        import torch

        from noetra_ros.policy.models.bundle import load_weights, vocabulary_of

        torch.set_num_threads(1)
        self._network = load_weights(self._folder, self._config).to(self._device)
        self._vocabulary = vocabulary_of(self._config)
        self._trust = read_trust(self._folder)
        blank = [np.zeros((c.height_px, c.width_px, 3), np.uint8) for c in self._spec.cameras]
        self._run([blank], np.zeros((1, len(self._spec.joints))), ["warm up"])

    def infer(self, observation: Observation) -> ActionChunk:
        """The chunk that answers an observation.

        Raises:
            PolicyError: not loaded, no sentence, or the observation lacks what the spec asks for.
        """
        return self.infer_batch([RobotRequest(THIS_ROBOT, observation)])[0]

    def infer_batch(self, requests: Sequence[RobotRequest]) -> list[ActionChunk]:
        """One pass of the network for several robots; a chunk for each request.

        Raises:
            PolicyError: as `infer`, for any of them.
        """
        started_s = time.perf_counter()
        if self._network is None:
            raise PolicyError(f"policy {self._spec.model} is not loaded: call load() first")
        observations = [request.observation for request in requests]
        if not all(observation.instruction.strip() for observation in observations):
            raise PolicyError(f"policy {self._spec.model} needs a sentence, got an empty one")
        joints = np.stack([joints_in_order(seen, self._spec.joints) for seen in observations])
        pictures = [[picture(seen, need) for need in self._spec.cameras] for seen in observations]
        values, features = self._run(pictures, joints, [seen.instruction for seen in observations])
        if not np.isfinite(values).all():
            raise PolicyError(f"policy {self._spec.model} answered NaN or infinity")
        self.features = features[-1]
        inference_s = time.perf_counter() - started_s
        chunks = [self._chunk(*found, inference_s) for found in zip(observations, values, strict=True)]
        return [self._watched(*found) for found in zip(requests, features, chunks, strict=True)]

    def reset(self) -> None:
        """The network has no memory; who watches it has."""
        self.forget(THIS_ROBOT)

    def forget(self, robot: str) -> None:
        """The same for one of several robots."""
        self._watches.pop(robot, None)

    def _chunk(self, observation: Observation, values: FloatArray, inference_s: float) -> ActionChunk:
        return self._chunks.write(observation, values, inference_s)

    def _watched(self, request: RobotRequest, features: Array, chunk: ActionChunk) -> ActionChunk:
        """The chunk with its trust, where there is something to measure it by."""
        if self._trust is None:
            return chunk
        watch = self._watches.setdefault(request.robot, TrustWatch(self._trust))
        return replace(chunk, trust=watch.look(features, chunk).value)

    def _run(
        self, pictures: list[list[ImageArray]], joints: FloatArray, sentences: list[str]
    ) -> tuple[FloatArray, Array]:
        """What the network makes of several observations.

        Args:
            pictures: of each robot and camera.
            joints: (robots, joints) rad.
            sentences: of each robot.

        Returns:
            (robots, rows, joints) rad, and (robots, f) what the network saw.
        """
        import torch

        from noetra_ros.learning.uploads import uploaded
        from noetra_ros.policy.models.nano import to_input

        assert self._network is not None
        device = torch.device(self._device)
        with torch.inference_mode():
            frames = [torch.stack([uploaded(rgb, device) for rgb in cameras]) for cameras in pictures]
            seen = torch.stack([to_input(frame) for frame in frames])
            measured = torch.from_numpy(joints.astype(np.float32)).to(device)
            tokens = np.stack([self._vocabulary.encode(sentence) for sentence in sentences])
            features = self._network.look(seen, measured, torch.from_numpy(tokens).to(device))
            chunks = self._network.chunk_from(features, measured)
            return chunks.double().cpu().numpy(), features.cpu().numpy()
