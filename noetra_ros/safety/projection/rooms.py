"""The rows of all barriers together, for postures of one channel's joints; measures only what may be near."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.projection.barrier import Barrier


class Rooms:
    """All rows, one after the other.

    A row that had much room a while ago cannot have lost more than its reach times the way of the joints: it
    is measured again when that much is used up.

    Args:
        barriers: at least one.
        joint_indices: (d,) place of each axis of the channel among the robot's joints.

    Attributes:
        names: of all rows (m).
        units: of all rows (m).
        reach: (m, d) the most that the room changes per unit of each axis.
    """

    def __init__(self, barriers: Sequence[Barrier], joint_indices: Sequence[int]) -> None:
        self._barriers = tuple(barriers)
        self._columns = list(joint_indices)
        self.names = tuple(name for barrier in barriers for name in barrier.names)
        self.units = tuple(barrier.unit for barrier in barriers for _ in barrier.names)
        self._reach = np.vstack([barrier.reach for barrier in barriers])
        self.reach = self._reach[:, self._columns]
        starts = np.cumsum([0, *(len(barrier.names) for barrier in barriers)]).tolist()
        self._spans = list(itertools.pairwise(starts))
        self._measured = np.full(len(self.names), -np.inf)
        self._measured_at = np.zeros_like(self._reach)
        self._positions = np.zeros(self._reach.shape[1])

    def begin(self, joint_positions: FloatArray) -> None:
        """Joints (j,) that the channel does not move are where they were measured."""
        self._positions = np.array(joint_positions, dtype=np.float64)

    def at(self, axes: FloatArray, within: FloatArray, is_kept: bool = False) -> FloatArray:
        """Room with the channel's axes at (d,).

        Args:
            axes: of the posture.
            within: (m,) beyond which nobody asks.
            is_kept: the posture is one that the next ones are near to.

        Returns:
            (m,) room where it is within, elsewhere a bound above `within` that it is not below; NaN where it
            cannot be measured.
        """
        self._positions[self._columns] = axes
        room: FloatArray = self._measured - self._most_lost()
        rows = np.flatnonzero(~(room > within))
        for barrier, (start, end) in zip(self._barriers, self._spans, strict=True):
            mine = rows[(rows >= start) & (rows < end)]
            if mine.size:
                room[mine] = barrier.room(self._positions, (mine - start).tolist())
        if is_kept:
            self._measured[rows], self._measured_at[rows] = room[rows], self._positions
        return room

    def gradient(self, rows: Sequence[int]) -> FloatArray:
        """(k, d) of ascending rows that were measured in the last posture."""
        wanted = np.asarray(rows, dtype=int)
        parts = [np.zeros((0, len(self._columns)))]
        for barrier, (start, end) in zip(self._barriers, self._spans, strict=True):
            mine = wanted[(wanted >= start) & (wanted < end)] - start
            if mine.size:
                parts.append(barrier.gradient(mine.tolist())[:, self._columns])
        return np.vstack(parts)

    def _most_lost(self) -> FloatArray:
        """(m,) since each row was measured."""
        lost: FloatArray = (self._reach * np.abs(self._positions - self._measured_at)).sum(axis=1)
        return lost
