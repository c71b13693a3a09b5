from __future__ import annotations

import pytest
import torch

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.models.noetra.network import NoetraNetwork
from noetra_ros.policy.models.noetra.random_weights import parameter_count
from noetra_ros.policy.models.noetra.shape import NoetraShape, PictureShape, Ports, load_shape


@pytest.mark.parametrize(
    ("name", "vocabulary", "low", "high"),
    [("nano", 60, 1.0e6, 2.0e6), ("edge", 49_280, 0.40e9, 0.50e9), ("base", 257_152, 3.0e9, 3.6e9)],
)
def test_the_sizes_are_what_they_are_called(name, vocabulary, low, high):
    with torch.device("meta"):
        network = NoetraNetwork(load_shape(name), Ports(50, 6, vocabulary, 2))
    assert low < parameter_count(network) < high


def test_an_unknown_size_is_named_with_the_known_ones():
    with pytest.raises(ConfigError, match="base, edge, nano"):
        load_shape("huge")


def test_pictures_must_divide_into_patches():
    with pytest.raises(ConfigError, match="a multiple of patch_px"):
        PictureShape("patches", 225, patch_px=14)


@pytest.mark.parametrize(
    ("change", "words"), [({"kv_heads": 3}, "a divisor of heads, 4"), ({"head_size": 9}, "an even number")]
)
def test_shapes_that_cannot_be_are_refused(change, words):
    widths = dict.fromkeys(("width", "mlp", "expert_width", "expert_mlp"), 32)
    sizes = {"depth": 1, "heads": 4, "kv_heads": 2, "head_size": 8, **widths}
    with pytest.raises(ConfigError, match=words):
        NoetraShape(picture=PictureShape("asked", 32), **(sizes | change))


@pytest.mark.parametrize(("name", "tokens"), [("nano", 4), ("edge", 64), ("base", 256)])
def test_a_picture_takes_so_many_tokens(name, tokens):
    assert load_shape(name).picture.token_count == tokens
