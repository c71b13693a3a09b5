"""The smallest sensible networks of both kinds."""

from __future__ import annotations

import pytest
import torch

from noetra_ros.policy.models.noetra.network import NoetraNetwork
from noetra_ros.policy.models.noetra.random_weights import random_network
from noetra_ros.policy.models.noetra.shape import NoetraShape, PictureShape, Ports

SMALL = {
    **{"depth": 2, "heads": 4, "kv_heads": 2, "head_size": 8, "width": 32, "mlp": 48},
    **{"expert_width": 24, "expert_mlp": 40, "flow_steps": 4},
}
PICTURES = {
    "asked": PictureShape("asked", 32, tokens=2),
    "patches": PictureShape("patches", 32, patch_px=8, width=16, depth=1, heads=2, mlp=32, merge=2),
}
PORTS = Ports(rows=6, joints=3, vocabulary=9, cameras=2)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(params=["asked", "patches"])
def network(request) -> NoetraNetwork:
    text = "bag" if request.param == "asked" else "words"
    return random_network(NoetraShape(picture=PICTURES[request.param], text=text, **SMALL), PORTS, seed=3)


@pytest.fixture
def inputs() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return {
        "tokens": torch.tensor([[4, 2, 7, 0, 0]]),
        "pictures": 2.0 * torch.rand(1, 2, 3, 32, 32, generator=generator) - 1.0,
        "joints": torch.randn(1, 3, generator=generator),
    }


@pytest.fixture
def noise() -> torch.Tensor:
    return torch.randn(1, 6, 3, generator=torch.Generator().manual_seed(2))


@pytest.fixture
def nothing() -> torch.Tensor:
    return torch.zeros(1, 6, dtype=torch.bool)
