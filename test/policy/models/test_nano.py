from __future__ import annotations

import pytest
import torch

from noetra_ros.policy.models.nano import NanoNetwork, NanoShape, SentenceEncoder, to_input

SMALL = NanoShape(stem_channels=4, channels=6, queries=3, found_channels=2, word_size=5, hidden=16)


def inputs(batch: int, side_px: int = 32):
    generator = torch.Generator().manual_seed(1)
    pictures = torch.rand(batch, 2, 3, side_px, side_px, generator=generator)
    return pictures, torch.zeros(batch, 6), torch.tensor([[3, 2, 4, 0]] * batch)


@pytest.mark.parametrize(("batch", "side_px"), [(1, 32), (3, 32), (2, 96)])
def test_a_chunk_has_rows_and_joints(batch, side_px):
    network = NanoNetwork(7, cameras=2, joints=6, rows=8, shape=SMALL)
    assert network.chunk(*inputs(batch, side_px)).shape == (batch, 8, 6)


def test_the_network_of_the_repository_is_small():
    network = NanoNetwork(60, cameras=2, joints=6, rows=8, shape=NanoShape())
    assert sum(p.numel() for p in network.parameters()) < 1_000_000


def test_the_same_seed_gives_the_same_network():
    def build():
        torch.manual_seed(4)
        return NanoNetwork(7, 2, 6, 8, SMALL)(*inputs(2))

    assert torch.equal(build(), build())


def test_every_input_matters():
    torch.manual_seed(0)
    network = NanoNetwork(7, 2, 6, 8, SMALL)
    pictures, joints, tokens = inputs(1)
    here = network(pictures, joints, tokens)
    assert not torch.allclose(here, network(1 - pictures, joints, tokens))
    assert not torch.allclose(here, network(pictures, joints + 0.3, tokens))
    assert not torch.allclose(here, network(pictures, joints, torch.tensor([[3, 2, 5, 0]])))


def test_a_chunk_is_the_measured_joints_plus_the_scaled_way():
    statistics = {"way_deviation": torch.full((8, 6), 0.5)}
    network = NanoNetwork(7, 2, 6, 8, SMALL, statistics)
    pictures, joints, tokens = inputs(1)
    joints = joints + 0.7
    expected = 0.7 + 0.5 * network(pictures, joints, tokens)
    torch.testing.assert_close(network.chunk(pictures, joints, tokens), expected)


def test_padding_does_not_change_what_a_sentence_means():
    torch.manual_seed(0)
    encoder = SentenceEncoder(7, SMALL)
    short, padded = torch.tensor([[3, 2]]), torch.tensor([[3, 2, 0, 0, 0]])
    torch.testing.assert_close(encoder(short), encoder(padded))


def test_pictures_become_channels_first_between_minus_one_and_one():
    picture = torch.zeros(1, 4, 6, 3, dtype=torch.uint8)
    picture[..., 0] = 255
    scaled = to_input(picture)
    assert scaled.shape == (1, 3, 4, 6)
    assert scaled[0, 0].unique().tolist() == [1.0] and scaled[0, 1].unique().tolist() == [-1.0]
