from __future__ import annotations

import pytest
import torch

from noetra_ros.policy.models.noetra.network import NoetraNetwork
from noetra_ros.policy.models.noetra.shape import Ports, load_shape
from noetra_ros.policy.models.noetra.work import work_of


@pytest.fixture(scope="module")
def base():
    with torch.device("meta"):
        network = NoetraNetwork(load_shape("base"), Ports(50, 6, 257_152, 2))
        return network.to_precision(torch.bfloat16)


def test_the_base_size_reads_what_its_weights_weigh(base):
    parts = {part.name: part for part in work_of(base, 48)}
    assert parts["eyes"].byte == pytest.approx(2 * 0.414e9, rel=0.02)  # SigLIP So400m and the projection
    assert parts["expert"].count == 10


def test_the_base_size_computes_about_two_flop_for_each_weight_and_token(base):
    backbone = work_of(base, 48)[1]
    assert backbone.flop == pytest.approx(2 * 1.877e9 * 561, rel=0.05)
