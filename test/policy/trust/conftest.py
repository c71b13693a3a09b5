"""Lets the tests of this folder share made episodes."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_episodes import WatchedEpisode, made_episode


@pytest.fixture(scope="session")
def training() -> np.ndarray:
    return np.random.default_rng(9).normal(size=(4000, 8)).astype(np.float32)


@pytest.fixture(scope="session")
def good() -> list[WatchedEpisode]:
    return [made_episode(seed) for seed in range(300)]
