"""The source tree, as the tests of the house read it."""

from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def repo() -> Path:
    """Root of the source tree."""
    return REPO


@pytest.fixture(scope="session")
def sources() -> list[Path]:
    """Every Python file of the package."""
    return sorted((REPO / "noetra_ros").rglob("*.py"))
