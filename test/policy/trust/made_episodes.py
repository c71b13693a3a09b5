"""Chunks and episodes of a policy that knows what it does, and of one that does not."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.policy.trust.calibration import WatchedEpisode


def chunk(number: int, values: np.ndarray, names: tuple[str, ...] = ("a", "b")) -> ActionChunk:
    """Chunk `number` of a run at 5 Hz, rows 0.1 s apart."""
    stamp_ns = 1_700_000_000_000_000_000 + number * 200_000_000
    return ActionChunk(stamp_ns, number + 1, "arm", CommandKind.JOINT_POSITION, names, 0.1, 0.1, values)


def made_episode(seed: int, away: float = 0.0, doubt: float = 0.02, looks: int = 12) -> WatchedEpisode:
    """Follows a line; `away` shifts what it sees, `doubt` is the spread of what it says."""
    rng = np.random.default_rng(seed)
    lines = [0.1 * np.arange(2 * k, 2 * k + 6)[:, None] * np.ones(2) for k in range(looks)]
    chunks = tuple(chunk(k, line + rng.normal(0.0, doubt, (6, 2))) for k, line in enumerate(lines))
    return WatchedEpisode((away + rng.normal(size=(looks, 8))).astype(np.float32), chunks)
