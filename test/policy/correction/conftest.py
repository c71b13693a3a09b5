"""A corrector that answers what it is told, following a chunk."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_corrections import Told, chunk_at

from noetra_ros.policy.correction.correcting import Correcting


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def correcting(told):
    """Follows a chunk of the instant 0."""
    made = Correcting(told)
    made.follow(chunk_at(0))
    return made
