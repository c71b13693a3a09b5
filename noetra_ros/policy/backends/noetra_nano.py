"""The network trained in this repository: pictures, joints and a sentence in, an action chunk out."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from noetra_ros.core.types import ActionChunk, FloatArray, Observation
from noetra_ros.policy.backend import BACKENDS, BackendOptions
from noetra_ros.policy.checkpoint import SHIPPED_FOLDER, read_config
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.observation import joints_in_order, picture
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.trust.distance import Array
from noetra_ros.policy.trust.file import read_trust
from noetra_ros.policy.trust.watch import TrustWatch

if TYPE_CHECKING:
    from noetra_ros.policy.models.nano import NanoNetwork


@BACKENDS.register("noetra_nano")
class NoetraNanoBackend:
    """Runs on one CPU thread: with two, 3 ms become 74 ms as soon as threads compete for cores."""

    def __init__(self, options: BackendOptions) -> None:
        self._folder = options.checkpoint or SHIPPED_FOLDER / "noetra_nano"
        self._config = read_config(self._folder)
        self._spec = self._config.spec()
        self._channel = options.channel_name
        self._sequence = itertools.count(1)
        self._device = options.device
        self._network: NanoNetwork | None = None
        self._watch: TrustWatch | None = None

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
        trust = read_trust(self._folder)
        self._watch = None if trust is None else TrustWatch(trust)
        blank = [np.zeros((c.height_px, c.width_px, 3), np.uint8) for c in self._spec.cameras]
        self._run(blank, np.zeros(len(self._spec.joints)), "warm up")

    def infer(self, observation: Observation) -> ActionChunk:
        """The chunk that answers an observation.

        Raises:
            PolicyError: not loaded, no sentence, or the observation lacks what the spec asks for.
        """
        if self._network is None:
            raise PolicyError(f"policy {self._spec.model} is not loaded: call load() first")
        if not observation.instruction.strip():
            raise PolicyError(f"policy {self._spec.model} needs a sentence, got an empty one")
        started_s = time.perf_counter()
        joints = joints_in_order(observation, self._spec.joints)
        pictures = [picture(observation, need) for need in self._spec.cameras]
        values, features = self._run(pictures, joints, observation.instruction)
        if not np.isfinite(values).all():
            raise PolicyError(f"policy {self._spec.model} answered NaN or infinity")
        chunk = ActionChunk(
            stamp_ns=observation.stamp_ns,
            sequence=next(self._sequence),
            channel=self._channel,
            kind=self._spec.kind,
            names=self._spec.actions,
            start_offset_s=self._spec.start_offset_s,
            step_s=self._spec.step_s,
            values=values,
            instruction=observation.instruction,
            model=self._spec.model,
            inference_s=time.perf_counter() - started_s,
        )
        return chunk if self._watch is None else replace(chunk, trust=self._watch.look(features, chunk).value)

    def reset(self) -> None:
        """The network has no memory; who watches it has."""
        if self._watch is not None:
            self._watch.reset()

    def _run(self, pictures: list[np.ndarray], joints: FloatArray, sentence: str) -> tuple[FloatArray, Array]:
        """(rows, joints) rad, and (f,) what the network saw."""
        import torch

        from noetra_ros.learning.uploads import uploaded
        from noetra_ros.policy.models.nano import to_input

        assert self._network is not None
        device = torch.device(self._device)
        with torch.inference_mode():
            seen = to_input(torch.stack([uploaded(rgb, device) for rgb in pictures])).unsqueeze(0)
            measured = torch.from_numpy(joints.astype(np.float32)).unsqueeze(0)
            tokens = torch.from_numpy(self._vocabulary.encode(sentence)).unsqueeze(0)
            seen, measured, tokens = (tensor.to(device) for tensor in (seen, measured, tokens))
            features = self._network.look(seen, measured, tokens)
            chunk = self._network.chunk_from(features, measured)
            return chunk[0].double().cpu().numpy(), features[0].cpu().numpy()
