"""Networks with seeded random weights: for measuring time and memory, never for driving."""

from __future__ import annotations

import torch

from noetra_ros.policy.models.noetra.network import NoetraNetwork
from noetra_ros.policy.models.noetra.shape import NoetraShape, Ports

SPREAD = 0.02


def random_network(
    shape: NoetraShape, ports: Ports, seed: int, device: str = "cpu", dtype: torch.dtype = torch.float32
) -> NoetraNetwork:
    """The same shape, ports, seed and kind of device give the same weights; every layer takes part.

    Args:
        shape: sizes.
        ports: what goes in and out.
        seed: of the weights.
        device: where it is built; the largest size would not fit twice into memory.
        dtype: of the weights.
    """
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with torch.random.fork_rng(), torch.device(device), torch.no_grad():
            torch.manual_seed(seed)
            network = NoetraNetwork(shape, ports)
            for parameter in network.parameters():
                parameter.add_(
                    SPREAD * torch.randn(parameter.shape)
                )  # some begin as zeros: these take part too
    finally:
        torch.set_default_dtype(before)
    for name, buffer in network.named_buffers():
        network.get_buffer(name).data = buffer.float()
    return network.train(False).requires_grad_(False)


def parameter_count(network: NoetraNetwork) -> int:
    """Numbers that are learned."""
    return sum(parameter.numel() for parameter in network.parameters())
