"""Chunks and measuring rods for the streaming tests."""

from collections.abc import Callable

import numpy as np
import pytest

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.robots import load_robot

S = 1_000_000_000
TICK = 10_000_000


@pytest.fixture(scope="session")
def arm():
    return load_robot("so101")


@pytest.fixture(scope="session")
def base():
    return load_robot("diffbot")


@pytest.fixture
def make_chunk(arm) -> Callable[..., ActionChunk]:
    def make(rows, stamp_ns=10 * S, sequence=1, **changes) -> ActionChunk:
        fields = {
            "channel": "arm",
            "kind": CommandKind.JOINT_POSITION,
            "names": arm.joint_names,
            "start_offset_s": 0.1,
            "step_s": 0.1,
        }
        return ActionChunk(stamp_ns, sequence, values=np.array(rows, dtype=float), **{**fields, **changes})

    return make


@pytest.fixture
def excess():
    def measure(stream: np.ndarray, limits, period_s: float) -> np.ndarray:
        """Largest finite difference of orders 1..3, as a share of the limits: (3,)."""
        bounds = (limits.first, limits.second, limits.third)
        return np.array(
            [
                (np.abs(np.diff(stream, k + 1, axis=0)) / period_s ** (k + 1) / b).max()
                for k, b in enumerate(bounds)
            ]
        )

    return measure
