"""The corrector trained in this repository, for chunks of the SO-101's policies, for one CPU thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from noetra_ros.core.types import FloatArray, Observation
from noetra_ros.policy.checkpoint import SHIPPED_FOLDER, WEIGHTS_FILE
from noetra_ros.policy.correction.corrector import CORRECTORS, Ahead, CorrectorSpec
from noetra_ros.policy.correction.sheet import read_corrector_sheet, require_its_weights
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.models.vocabulary import Vocabulary
from noetra_ros.policy.observation import joints_in_order, picture

if TYPE_CHECKING:
    from noetra_ros.policy.models.corrector import CorrectorNetwork


@CORRECTORS.register("noetra_nano_corrector")
class NoetraNanoCorrector:
    """Implements `Corrector`; one thread, float32, CPU: it has to be near the robot, not near the GPU.

    Args:
        checkpoint: folder; None = the one that ships.
    """

    def __init__(self, checkpoint: Path | None = None) -> None:
        self._folder = checkpoint or SHIPPED_FOLDER / "noetra_nano_corrector"
        self._sheet = read_corrector_sheet(self._folder)
        self._spec = self._sheet.spec()
        self._vocabulary = Vocabulary(self._sheet.vocabulary, self._sheet.sentence_length)
        self._network: CorrectorNetwork | None = None

    @property
    def spec(self) -> CorrectorSpec:
        """What it needs and gives."""
        return self._spec

    def load(self) -> None:
        """Import torch, read the weights, run once.

        Raises:
            ConfigError: unreadable weights, those of another sheet, or every tensor that does not fit.
        """
        import torch

        from noetra_ros.learning.weights import load_weights_into
        from noetra_ros.policy.models.corrector import CorrectorNetwork

        torch.set_num_threads(1)
        require_its_weights(self._folder, self._sheet)
        network = CorrectorNetwork(self._sheet)
        load_weights_into(network, self._folder / WEIGHTS_FILE)
        self._network = network
        n, rows = len(self._spec.joints), self._spec.rows
        blank = [np.zeros((c.height_px, c.width_px, 3), np.uint8) for c in self._spec.cameras]
        self._run(blank, np.zeros(n), "warm up", Ahead(np.zeros((rows + 1, n)), np.zeros(n), 0.0, 0.0))

    def residuals(self, observation: Observation, ahead: Ahead) -> FloatArray:
        """(rows, n) rad; see `Corrector.residuals`.

        Raises:
            PolicyError: not loaded, no sentence, or the observation lacks a picture or joint.
        """
        if self._network is None:
            raise PolicyError(f"corrector {self._spec.model} is not loaded: call load() first")
        if not observation.instruction.strip():
            raise PolicyError(f"corrector {self._spec.model} needs a sentence, got an empty one")
        pictures = [picture(observation, need) for need in self._spec.cameras]
        joints = joints_in_order(observation, self._spec.joints)
        return self._run(pictures, joints, observation.instruction, ahead)

    def _run(self, pictures: list[np.ndarray], joints: FloatArray, sentence: str, ahead: Ahead) -> FloatArray:
        import torch

        from noetra_ros.policy.models.corrector import Told
        from noetra_ros.policy.models.nano import to_input

        assert self._network is not None
        with torch.inference_mode():
            seen = to_input(torch.from_numpy(np.stack(pictures))).unsqueeze(0)
            tokens = torch.from_numpy(self._vocabulary.encode(sentence)).unsqueeze(0)
            told = Told(_row(ahead.base), _row(ahead.planned), _row(np.array([ahead.age_s, ahead.left_s])))
            answer = self._network.residuals(*self._network.look(seen, tokens), _row(joints), told)
            values: FloatArray = answer[0].double().numpy()
            return values


def _row(values: FloatArray):  # type: ignore[no-untyped-def]  # torch is imported where it is needed
    """(1, ...) float32 tensor."""
    import torch

    return torch.from_numpy(np.asarray(values, dtype=np.float32)).unsqueeze(0)
