"""noetra_nano_corrector: noetra_nano's eyes, and an MLP that is also told what the chunk has in mind.

It predicts the way that the expert would go from the measured joints; the correction is what is missing
between that and the chunk. Where pictures and chunk agree, the chunk itself is the best guess: it is told.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from noetra_ros.core.config import load
from noetra_ros.policy.correction.sheet import CorrectorSheet
from noetra_ros.policy.models.nano import CameraEncoder, NanoNetwork, NanoShape, SentenceEncoder
from noetra_ros.policy.models.vocabulary import Vocabulary

MOST = 6.0  # of a normalised way that the MLP is told: a chunk may be far off


class Told(NamedTuple):
    """`Ahead` of B looks.

    Attributes:
        base: (B, rows + 1, n) rad.
        planned: (B, n) rad.
        times_s: (B, 2) age of the policy's observation, and time until its last row.
    """

    base: Tensor
    planned: Tensor
    times_s: Tensor


class CorrectorNetwork(nn.Module):
    """The whole network.

    Args:
        sheet: sizes and normalisation.
    """

    joint_mean: Tensor
    joint_deviation: Tensor
    way_deviation: Tensor
    starts_measured: Tensor

    def __init__(self, sheet: CorrectorSheet) -> None:
        super().__init__()
        shape = load(NanoShape, sheet.shape, "corrector shape")
        words = Vocabulary(sheet.vocabulary, sheet.sentence_length)
        self.sentence = SentenceEncoder(words.size, shape)
        size, joints = self.sentence.output_size, len(sheet.joints)
        encoders = [CameraEncoder(size, shape) for _ in sheet.cameras]
        self.cameras = nn.ModuleList(encoders)
        told = (sheet.rows + 2) * joints + 2
        joined = joints + size + sum(encoder.output_size for encoder in encoders) + told
        self.decide = nn.Sequential(
            nn.Linear(joined, sheet.hidden),
            nn.ReLU(),
            nn.Linear(sheet.hidden, sheet.hidden),
            nn.ReLU(),
            nn.Linear(sheet.hidden, sheet.rows * joints),
        )
        joint_rows = [(joint.mean, joint.deviation, float(joint.starts_measured)) for joint in sheet.joints]
        mean, deviation, measured = torch.tensor(joint_rows).unbind(dim=1)
        self.register_buffer("joint_mean", mean.clone())
        self.register_buffer("joint_deviation", deviation.clone())
        self.register_buffer("starts_measured", measured.clone())
        self.register_buffer("way_deviation", torch.tensor(sheet.way_deviation))

    def take_eyes(self, nano: NanoNetwork) -> None:
        """Take what looks and reads from a trained noetra_nano; training leaves it as it is."""
        self.sentence.load_state_dict(nano.sentence.state_dict())
        self.cameras.load_state_dict(nano.cameras.state_dict())
        self.sentence.requires_grad_(False)
        self.cameras.requires_grad_(False)

    def look(self, pictures: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """(B, cameras, 3, H, W) and (B, length) -> what is found (B, cameras, f), the sentence (B, s)."""
        sentence = self.sentence(tokens)
        found = [camera(pictures[:, i], sentence) for i, camera in enumerate(self.cameras)]
        return torch.stack(found, dim=1), sentence

    def ways(self, found: Tensor, sentence: Tensor, joints: Tensor, told: Told) -> Tensor:
        """Normalised ways from the measured joints: (B, rows, n)."""
        scale = torch.cat([self.way_deviation[:1], self.way_deviation])
        base = ((told.base - joints.unsqueeze(1)) / scale).clamp(-MOST, MOST)
        planned = ((told.planned - joints) / scale[0]).clamp(-MOST, MOST)
        scaled = (joints - self.joint_mean) / self.joint_deviation
        parts = [scaled, sentence, found.flatten(1), base.flatten(1), planned, told.times_s]
        answer: Tensor = self.decide(torch.cat(parts, dim=-1))
        return answer.view(-1, *self.way_deviation.shape)

    def residuals(self, found: Tensor, sentence: Tensor, joints: Tensor, told: Told) -> Tensor:
        """(B, rows, n) rad, what to add to the chunk at each offset.

        The way is gone from where the plan is, which runs ahead of a moving joint: from the joint itself,
        many times a second, the arm would lose that lead again and again and crawl.
        """
        start = torch.lerp(told.planned, joints, self.starts_measured).unsqueeze(1)
        ways = self.ways(found, sentence, joints, told) * self.way_deviation
        return start + ways - told.base[:, 1:]
