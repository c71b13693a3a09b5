from __future__ import annotations

import pytest
import torch

from noetra_ros.core.errors import ConfigError
from noetra_ros.learning.device import choose_device


def test_the_cpu_is_always_there():
    assert choose_device("cpu") == torch.device("cpu")


def test_a_gpu_that_is_not_there_is_an_error_never_the_cpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="no GPU that torch can use, expected a device it has"):
        choose_device("cuda")


@pytest.mark.parametrize(("name", "is_there"), [("cuda", True), ("cuda:1", True), ("cuda:2", False)])
def test_gpus_are_counted(monkeypatch, name, is_there):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    if is_there:
        assert choose_device(name) == torch.device(name)
    else:
        with pytest.raises(ConfigError, match="2 GPUs that torch can use"):
            choose_device(name)


@pytest.mark.parametrize("name", ["gpu", "", "cuda:x", "cuda:-1", "tpu:0"])
def test_other_words_are_refused(name):
    with pytest.raises(ConfigError, match="expected cpu, cuda or cuda:<number>"):
        choose_device(name)
