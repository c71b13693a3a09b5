"""How much one inference computes and reads, from the network's own sizes."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from noetra_ros.policy.models.noetra.network import NoetraNetwork


@dataclass(frozen=True)
class PartWork:
    """One part of an inference.

    Attributes:
        name: eyes, backbone or expert.
        flop: additions and multiplications of one pass.
        byte: weights, keys and values that one pass reads.
        count: passes.
    """

    name: str
    flop: float
    byte: float
    count: int = 1


def work_of(network: NoetraNetwork, words: int) -> list[PartWork]:
    """Parts of an inference with a batch of one; vision transformers only.

    Args:
        network: any size whose pictures become patches.
        words: words of a sentence.
    """
    shape, ports, picture = network.shape, network.ports, network.shape.picture
    size = network.dtype.itemsize
    patches = (picture.side_px // picture.patch_px) ** 2
    seen = words + ports.cameras * picture.token_count + 1
    heads = shape.heads * shape.head_size
    kept = 2 * shape.depth * seen * shape.kv_heads * shape.head_size * size

    def linear(part: nn.Module, tokens: float) -> float:
        return 2.0 * tokens * _weights(part)

    eyes = linear(network.encoders["pictures"], ports.cameras * patches)
    eyes += 4.0 * picture.depth * ports.cameras * patches**2 * picture.width
    read = linear(network.backbone, seen) + 4.0 * (shape.depth - 1) * seen**2 * heads
    act = linear(network.expert, ports.rows) + 4.0 * shape.depth * ports.rows * (seen + ports.rows) * heads
    return [
        PartWork("eyes", eyes, _weights(network.encoders["pictures"]) * size),
        PartWork("backbone", read, _weights(network.backbone) * size),
        PartWork("expert", act, _weights(network.expert) * size + kept, shape.flow_steps),
    ]


def _weights(part: nn.Module) -> int:
    return sum(parameter.numel() for parameter in part.parameters())
