from __future__ import annotations

import sys

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.lerobot import environment


def test_the_named_python_is_taken(monkeypatch):
    monkeypatch.setenv(environment.PYTHON_VARIABLE, sys.executable)
    assert str(environment.find_python()) == sys.executable


def test_without_one_its_own_place_is_looked_at(monkeypatch, tmp_path):
    monkeypatch.delenv(environment.PYTHON_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    python = tmp_path / "noetra" / "lerobot" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert environment.find_python() == python


def test_a_missing_environment_names_the_command_that_makes_it(monkeypatch, tmp_path):
    monkeypatch.delenv(environment.PYTHON_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(ConfigError, match=r"uv pip install --python .*lerobot\[smolvla,pi,diffusion\]"):
        environment.find_python()
