from __future__ import annotations

import argparse

import pytest
import torch
from torch import nn

from noetra_ros.core.errors import ConfigError
from noetra_ros.learning.weights import load_weights_into, save_weights


def network(seed: int = 0, outputs: int = 3) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Linear(5, outputs))


def same(first: nn.Module, second: nn.Module) -> bool:
    pairs = zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def wrap(state: dict, kind: str) -> dict:
    return {
        "bare": state,
        "model": {"model": state, "epoch": 3},
        "parallel": {"state_dict": {f"module.{name}": tensor for name, tensor in state.items()}},
        "auxiliary": state | {"extra.weight": torch.zeros(2)},
    }[kind]


def test_safetensors_come_back_and_learn_no_more(tmp_path):
    save_weights(tmp_path / "w.safetensors", network(1))
    other = network(2)
    load_weights_into(other, tmp_path / "w.safetensors")
    assert same(other, network(1)) and not other.training
    assert not any(parameter.requires_grad for parameter in other.parameters())


@pytest.mark.parametrize("kind", ["bare", "model", "parallel", "auxiliary"])
def test_state_dicts_as_training_scripts_save_them(tmp_path, kind):
    torch.save(wrap(network(1).state_dict(), kind), tmp_path / "w.pth")
    other = network(2)
    load_weights_into(other, tmp_path / "w.pth", ignored=("extra.",))
    assert same(other, network(1))


def test_a_file_with_more_than_tensors_is_refused_unread(tmp_path):
    torch.save({"model": network().state_dict(), "args": argparse.Namespace(lr=1)}, tmp_path / "w.pth")
    with pytest.raises(ConfigError, match=r"expected a state dict of tensors -> save network\.state_dict"):
        load_weights_into(network(), tmp_path / "w.pth")


@pytest.mark.parametrize("content", [3, {"model": 1}, {"epoch": {"a": 1}}])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "w.pt")
    with pytest.raises(ConfigError, match="expected a state dict of tensors"):
        load_weights_into(network(), tmp_path / "w.pt")


@pytest.mark.parametrize("name", ["w.pth", "w.safetensors"])
def test_a_missing_or_broken_file_is_refused(tmp_path, name):
    with pytest.raises(ConfigError, match="nothing there"):
        load_weights_into(network(), tmp_path / name)
    (tmp_path / name).write_bytes(b"not weights")
    with pytest.raises(ConfigError, match="1 fault"):
        load_weights_into(network(), tmp_path / name)


@pytest.mark.parametrize("name", ["w.pth", "w.safetensors"])
def test_every_tensor_that_does_not_fit_is_named_at_once(tmp_path, name):
    state = network(outputs=7).state_dict()
    del state["0.bias"]
    if name == "w.pth":
        torch.save(state, tmp_path / name)
    else:
        from safetensors.torch import save_file

        save_file(state, str(tmp_path / name))
    with pytest.raises(ConfigError) as error:
        load_weights_into(network(), tmp_path / name)
    assert {fault.key for fault in error.value.faults} == {"0.bias", "2.weight", "2.bias"}


def test_weights_that_are_not_finite_are_named(tmp_path):
    broken = network()
    broken[0].bias.data[1] = float("inf")
    save_weights(tmp_path / "w.safetensors", broken)
    with pytest.raises(ConfigError, match=r"0.bias: got NaN or infinity"):
        load_weights_into(network(), tmp_path / "w.safetensors")
