"""Pictures to tokens: questions of the sentence (nano), or a vision transformer (edge, base)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from noetra_ros.policy.models.nano import CameraEncoder, NanoShape
from noetra_ros.policy.models.noetra.layers import attend
from noetra_ros.policy.models.noetra.shape import NoetraShape, PictureShape, Ports

# By modality: tokens (B, length) numbers of words; pictures (B, cameras, 3, side, side) -1..1;
# joints (B, n) normalised; history (B, rows, n) normalised; every other (B, rows, numbers).
Inputs = Mapping[str, Tensor]


class AskedPictures(nn.Module):
    """The encoder of noetra_nano for each camera; its answers become a few tokens, and what its MLP makes of
    all of them together one more.
    """

    def __init__(self, shape: NoetraShape, ports: Ports, sentence_size: int) -> None:
        super().__init__()
        self.tokens = shape.picture.tokens
        sizes = NanoShape()
        encoders = [CameraEncoder(sentence_size, sizes) for _ in range(ports.cameras)]
        self.cameras = nn.ModuleList(encoders)
        self.say = nn.ModuleList(nn.Linear(e.output_size, self.tokens * shape.width) for e in encoders)
        joined = ports.joints + sentence_size + sum(e.output_size for e in encoders)
        self.join = nn.Sequential(
            nn.Linear(joined, sizes.hidden), nn.ReLU(), nn.Linear(sizes.hidden, sizes.hidden), nn.ReLU()
        )
        self.say_all = nn.Linear(sizes.hidden, shape.width)

    def forward(self, inputs: Inputs, sentence: Tensor) -> Tensor:
        """Pictures (B, cameras, 3, side, side), -1..1, joints (B, n), (B, s) -> (B, tokens, width)."""
        return self.tokens_of(self.found(inputs["pictures"], sentence), inputs["joints"], sentence)

    def found(self, pictures: Tensor, sentence: Tensor) -> Tensor:
        """(B, cameras, f): places and what is there; what the tokens are made of."""
        return torch.stack([see(pictures[:, i], sentence) for i, see in enumerate(self.cameras)], dim=1)

    def tokens_of(self, found: Tensor, joints: Tensor, sentence: Tensor) -> Tensor:
        """(B, cameras, f), (B, n), (B, s) -> (B, cameras * tokens + 1, width)."""
        said = [say(found[:, i]) for i, say in enumerate(self.say)]
        joined = self.join(torch.cat([joints, sentence, found.flatten(1)], dim=-1))
        parts = [part.unflatten(-1, (self.tokens, -1)) for part in said]
        return torch.cat([*parts, self.say_all(joined).unsqueeze(1)], dim=1)


class PatchPictures(nn.Module):
    """A vision transformer of SigLIP's form (arXiv 2303.15343), one for all cameras."""

    def __init__(self, shape: NoetraShape, ports: Ports, sentence_size: int) -> None:
        super().__init__()
        picture = shape.picture
        self.merge, self.side = picture.merge, picture.side_px // picture.patch_px
        self.cut = nn.Conv2d(3, picture.width, picture.patch_px, stride=picture.patch_px)
        self.places = nn.Parameter(0.02 * torch.randn(self.side**2, picture.width))
        self.blocks = nn.ModuleList(PatchBlock(picture) for _ in range(picture.depth))
        self.norm = nn.LayerNorm(picture.width)
        self.say = nn.Linear(picture.width * self.merge**2, shape.width)

    def forward(self, inputs: Inputs, sentence: Tensor) -> Tensor:
        """Pictures (B, cameras, 3, side, side), -1..1 -> (B, cameras * tokens, width); all at once."""
        pictures = inputs["pictures"]
        batch = pictures.shape[0]
        patches = self.cut(pictures.flatten(0, 1)).flatten(2).transpose(1, 2) + self.places
        for block in self.blocks:
            patches = block(patches)
        merged = self._merged(self.norm(patches))
        said: Tensor = self.say(merged)
        return said.reshape(batch, -1, said.shape[-1])

    def _merged(self, patches: Tensor) -> Tensor:
        """Squares of merge x merge patches side by side in one token."""
        if self.merge == 1:
            return patches
        side = self.side // self.merge
        cut = patches.view(len(patches), side, self.merge, side, self.merge, -1)
        return cut.permute(0, 1, 3, 2, 4, 5).reshape(len(patches), side * side, -1)


class PatchBlock(nn.Module):
    """Attention and MLP with norms before them."""

    def __init__(self, picture: PictureShape) -> None:
        super().__init__()
        width = picture.width
        self.heads = picture.heads
        self.before = nn.LayerNorm(width)
        self.into = nn.Linear(width, 3 * width)
        self.back = nn.Linear(width, width)
        self.between = nn.LayerNorm(width)
        self.open = nn.Linear(width, picture.mlp)
        self.close = nn.Linear(picture.mlp, width)

    def forward(self, patches: Tensor) -> Tensor:
        """(B, n, w) -> (B, n, w)."""
        q, k, v = self.into(self.before(patches)).unflatten(-1, (3, self.heads, -1)).unbind(2)
        q, k, v = (part.transpose(1, 2) for part in (q, k, v))
        patches = patches + self.back(attend(q, k, v, None))
        opened = functional.gelu(self.open(self.between(patches)), approximate="tanh")
        closed: Tensor = patches + self.close(opened)
        return closed


PICTURE_ENCODERS: dict[str, type[AskedPictures] | type[PatchPictures]] = {
    "asked": AskedPictures,
    "patches": PatchPictures,
}


def to_pictures(frames: Tensor, side_px: int, dtype: torch.dtype) -> Tensor:
    """Camera frames as the network reads them; runs where `frames` are, so that bytes are uploaded.

    Args:
        frames: (B, cameras, H, W, 3) uint8.
        side_px: square that they are brought to: scaled to fit, the rest black; untouched where they fit.
        dtype: of the network.

    Returns:
        (B, cameras, 3, side_px, side_px), -1..1.
    """
    pictures = frames.movedim(-1, -3).to(dtype) / 127.5 - 1.0
    height, width = pictures.shape[-2:]
    if (height, width) == (side_px, side_px):
        return pictures
    scale = side_px / max(height, width)
    size = (max(1, round(height * scale)), max(1, round(width * scale)))
    flat = functional.interpolate(pictures.flatten(0, 1), size, mode="bilinear", antialias=True)
    top, left = (side_px - size[0]) // 2, (side_px - size[1]) // 2
    edges = (left, side_px - size[1] - left, top, side_px - size[0] - top)
    return functional.pad(flat, edges, value=-1.0).unflatten(0, frames.shape[:2])
