"""Types of the graph refuse what nobody downstream could use."""

from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.core.types import ActionPrefix


@pytest.mark.parametrize("frozen", [-1, 4])
def test_a_prefix_freezes_no_rows_that_it_does_not_have(frozen: int) -> None:
    with pytest.raises(ValueError, match="freezes"):
        ActionPrefix(np.zeros((3, 2)), frozen)


def test_a_prefix_holds_finite_rows_only() -> None:
    with pytest.raises(ValueError, match="finite"):
        ActionPrefix(np.array([[0.0, np.nan]]), 1)


def test_a_prefix_may_be_empty() -> None:
    assert ActionPrefix(np.zeros((0, 2)), 0).values.shape == (0, 2)
