"""The tool that stops a Franka from random states: no limit is passed, and too hard a stop is found."""

import importlib.util
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "stop_states.py"


@pytest.fixture
def tool():
    spec = importlib.util.spec_from_file_location("stop_states", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules["stop_states"] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["stop_states"]


def test_no_stop_passes_a_limit_and_each_ends_where_it_was_said(tool):
    tally = tool.many((1, 0, 4))
    assert (tally.states, tally.stops, tally.passed, tally.unfinished) == (4, 28, 0, 0)
    assert 0.5 < tally.largest_share["acceleration"] <= 1.0 + tool.ROUNDING
    assert tally.worst_prediction_rad < 1e-9


def test_a_stop_that_stands_at_once_passes_acceleration_and_jerk(tool, monkeypatch):
    monkeypatch.setattr(tool, "stop_position", lambda last, axis, dt_s: last.position)
    tally = tool.many((1, 0, 1))
    assert tally.passed > 0 and tally.largest_share["acceleration"] > 10.0
