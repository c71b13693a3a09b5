from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.models.noetra import modalities
from noetra_ros.policy.models.noetra.modalities import Modality
from noetra_ros.policy.models.noetra.random_weights import random_network


def count_of(network, inputs):
    return network.look(inputs).keys[0].shape[2]


@pytest.mark.parametrize(
    ("ports", "extra", "tokens"),
    [
        ({"history_rows": 4}, {"history": torch.ones(1, 4, 3)}, 4),
        ({"vectors": {"wrench": (1, 6)}}, {"wrench": torch.ones(1, 1, 6)}, 1),
        ({"vectors": {"audio": (5, 16)}}, {"audio": torch.ones(1, 5, 16)}, 5),
        ({"vectors": {"depth": (2, 8)}}, {"depth": torch.ones(1, 2, 8)}, 2),
    ],
)
def test_a_modality_is_read_where_the_ports_have_it(network, inputs, noise, nothing, ports, extra, tokens):
    wider = random_network(network.shape, replace(network.ports, **ports), seed=3)
    assert count_of(wider, inputs | extra) == count_of(network, inputs) + tokens
    here = wider(inputs | extra, noise, noise, nothing)[0]
    other = wider(inputs | {k: v + 1.0 for k, v in extra.items()}, noise, noise, nothing)[0]
    assert not torch.equal(here, other)


def test_a_new_modality_is_one_row_of_the_table(network, inputs, noise, nothing, monkeypatch):
    class Smell(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.width = width

        def forward(self, inputs, sentence):
            return inputs["smell"].view(1, 1, 1).expand(1, 1, self.width)

    row = Modality(lambda ports: True, lambda shape, ports: Smell(shape.width))
    monkeypatch.setitem(modalities.MODALITIES, "smell", row)
    wider = random_network(network.shape, network.ports, seed=3)
    assert wider(inputs | {"smell": torch.ones(1)}, noise, noise, nothing)[0].shape == (1, 6, 3)


def test_an_input_that_the_table_does_not_know_is_named(network):
    with pytest.raises(ConfigError, match=r"vectors\.taste.*add a row to MODALITIES"):
        random_network(network.shape, replace(network.ports, vectors={"taste": (1, 2)}), seed=0)
