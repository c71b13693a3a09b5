from __future__ import annotations

import pytest
import torch

from noetra_ros.perception.models.scene_network import SceneNetwork, SceneShape

SHAPE = SceneShape(half=8, quarter=8, eighth=8, sixteenth=8)


@pytest.mark.parametrize(("height", "width"), [(96, 96), (144, 192), (31, 45), (16, 16)])
def test_any_picture_size_is_answered_for_each_pixel(height, width):
    answer = SceneNetwork(5, 3, SHAPE)(torch.zeros(2, 3, height, width))
    cells = (-(-height // 2), -(-width // 2))
    assert answer.classes.shape == (2, 5, height, width)
    assert answer.centres.shape == (2, 3, *cells) and answer.votes.shape == (2, 2, *cells)


def test_an_untrained_network_sees_no_centres():
    torch.manual_seed(0)
    assert SceneNetwork(5, 3, SHAPE)(torch.rand(1, 3, 48, 48)).centres.sigmoid().max() < 0.3


def test_a_picture_is_answered_the_same_alone_and_among_others():
    torch.manual_seed(0)
    network, pictures = SceneNetwork(5, 3, SHAPE), torch.rand(3, 3, 32, 48)
    with torch.no_grad():
        torch.testing.assert_close(network(pictures).classes[1], network(pictures[1:2]).classes[0])


def test_the_usual_network_is_small():
    network = SceneNetwork(10, 8, SceneShape())
    assert sum(parameter.numel() for parameter in network.parameters()) < 700_000
