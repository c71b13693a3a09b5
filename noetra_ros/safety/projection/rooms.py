"""The rows of all barriers together, for postures of one channel's joints; measures only what may be near."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence

import numpy as np

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.types import FloatArray
from noetra_ros.safety.projection.barrier import Barrier, SeeingBarrier

_all = np.logical_and.reduce  # of (m,): faster than the method, and this runs with every command


class Rooms:
    """All rows, one after the other.

    A row that had much room a while ago cannot have lost more than its reach times the way of the joints: it
    is measured again when that much is used up.

    Args:
        barriers: at least one.
        joint_indices: (d,) place of each axis of the channel among the robot's joints.

    Attributes:
        reach: (m, d) the most that the room changes per unit of each axis.
    """

    def __init__(self, barriers: Sequence[Barrier], joint_indices: Sequence[int]) -> None:
        self._barriers = tuple(barriers)
        self._columns = list(joint_indices)
        self._seeing = [barrier for barrier in self._barriers if isinstance(barrier, SeeingBarrier)]
        self._spans: list[tuple[int, int]] = []
        self._measured, self._measured_at = np.zeros(0), np.zeros((0, 0))
        self._scene: ObstacleScene | None = None
        self._forget()
        self._positions = np.zeros(self._reach.shape[1])

    def see(self, scene: ObstacleScene | None) -> None:
        """What perception sees now; other rows are measured anew."""
        self._scene = scene
        is_changed = [barrier.see(scene) for barrier in self._seeing]
        if any(is_changed):
            self._forget()

    def named(self, row: int) -> tuple[str, str]:
        """Name and unit of a row."""
        which = bisect.bisect_right(self._spans, row, key=lambda span: span[1])
        barrier = self._barriers[which]
        return barrier.names[row - self._spans[which][0]], barrier.unit

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
        is_far = room > within
        if _all(is_far):
            return room
        rows = np.flatnonzero(~is_far)
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

    def _forget(self) -> None:
        """Count the rows; none of them has been measured, except those that no scene changes."""
        kept = dict(zip(self._barriers, self._spans, strict=False))
        counts = [len(barrier.reach) for barrier in self._barriers]
        self._spans = list(itertools.pairwise(np.cumsum([0, *counts]).tolist()))
        self._reach = np.vstack([barrier.reach for barrier in self._barriers])
        self.reach = self._reach[:, self._columns]
        measured, measured_at = np.full(sum(counts), -np.inf), np.zeros_like(self._reach)
        for barrier, (start, end) in zip(self._barriers, self._spans, strict=True):
            if barrier in kept and barrier not in self._seeing:
                old = slice(*kept[barrier])
                measured[start:end], measured_at[start:end] = self._measured[old], self._measured_at[old]
        self._measured, self._measured_at = measured, measured_at

    def _most_lost(self) -> FloatArray:
        """(m,) since each row was measured."""
        ways = np.abs(self._positions - self._measured_at)
        lost: FloatArray = np.add.reduce(self._reach * ways, axis=1)
        return lost
