"""Parts of a transformer layer: norms, rotary positions, attention with shared keys, gated MLP."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-6
ROTARY_BASE = 10_000.0


class AdaptiveNorm(nn.Module):
    """RMS norm whose scale, shift and gate come from the flow time of each token (as in pi0.5)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.modulation = nn.Linear(width, 3 * width)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)
        nn.init.ones_(self.modulation.bias[2 * width :])

    def forward(self, tokens: Tensor, pace: Tensor) -> tuple[Tensor, Tensor]:
        """(B, n, w) and what `modulation` makes of flow times (B, n, 3 w) -> normed tokens, gate."""
        scale, shift, gate = pace.chunk(3, dim=-1)
        normed = functional.rms_norm(tokens, (self.width,), eps=EPSILON)
        return normed * (1.0 + scale) + shift, gate


class GatedMlp(nn.Module):
    """Two linear maps, one of them a gate, and one back (GeGLU, arXiv 2002.05202)."""

    def __init__(self, width: int, between: int) -> None:
        super().__init__()
        self.open = nn.Linear(width, 2 * between, bias=False)
        self.close = nn.Linear(between, width, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, n, w) -> (B, n, w)."""
        gate, up = self.open(tokens).chunk(2, dim=-1)
        closed: Tensor = self.close(functional.gelu(gate, approximate="tanh") * up)
        return closed


class Projections(nn.Module):
    """Queries, keys and values of one half of a layer, in one linear map, and the way back."""

    def __init__(self, width: int, heads: int, kv_heads: int, head_size: int) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_size = heads, kv_heads, head_size
        self.into = nn.Linear(width, (heads + 2 * kv_heads) * head_size, bias=False)
        self.back = nn.Linear(heads * head_size, width, bias=False)

    def forward(self, tokens: Tensor, turns: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, n, w) and rotary turns (2, n, head_size) -> q (B, h, n, s), k and v (B, g, n, s)."""
        batch, count, _ = tokens.shape
        split = self.into(tokens).view(batch, count, -1, self.head_size).transpose(1, 2)
        q, k, v = split.split([self.heads, self.kv_heads, self.kv_heads], dim=1)
        return rotate(q, turns), rotate(k, turns), v


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """Attention; keys and values are shared by groups of heads.

    Args:
        q: (B, h, n, s).
        k: (B, g, m, s).
        v: (B, g, m, s).
        mask: (B, 1, 1, m) true where a key may be looked at; None = everywhere.

    Returns:
        (B, n, h * s).
    """
    batch, heads, count, size = q.shape
    # Heads that share keys stand one after the other as further queries: nothing is copied.
    folded = q.reshape(batch, k.shape[1], -1, size)
    found = functional.scaled_dot_product_attention(folded, k, v, attn_mask=mask)
    return found.reshape(batch, heads, count, size).transpose(1, 2).flatten(2)


def rotary_turns(positions: Tensor, head_size: int) -> Tensor:
    """(n,) positions -> (2, n, head_size) cosine and sine for `rotate`."""
    half = torch.arange(0, head_size, 2, device=positions.device, dtype=torch.float32)
    angles = positions.float().unsqueeze(-1) * ROTARY_BASE ** (-half / head_size)
    angles = torch.cat([angles, angles], dim=-1)
    return torch.stack([angles.cos(), angles.sin()])


def rotate(tokens: Tensor, turns: Tensor) -> Tensor:
    """Rotary positions (arXiv 2104.09864) on (B, h, n, s)."""
    low, high = tokens.chunk(2, dim=-1)
    turned = torch.cat([-high, low], dim=-1)
    return tokens * turns[0].to(tokens.dtype) + turned * turns[1].to(tokens.dtype)
