"""The rows of all barriers together, for postures of one channel's joints; measures only what may be near."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence

import numpy as np

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.types import FloatArray
from noetra_ros.safety.projection.barrier import Barrier, BoundedBarrier, SeeingBarrier

BOUNDED_FROM = 4  # rows, up to which measuring takes no longer than what would save it
# A bound that is hardly enough is not enough for the next posture: measuring is.
LASTING_M = 0.02
_any = np.logical_or.reduce
_all = np.logical_and.reduce  # of (m,): faster than the method, and this runs with every command


class Rooms:
    """All rows, one after the other.

    A row that had much room a while ago cannot have lost more than its reach times the way of the joints: it
    is measured again when that much is used up. Postures that are looked at again and again, a little later,
    each have a memory of their own.

    Args:
        barriers: at least one.
        joint_indices: (d,) place of each axis of the channel among the robot's joints.
        memories: how many.

    Attributes:
        reach: (m, d) the most that the room changes per unit of each axis.
    """

    def __init__(self, barriers: Sequence[Barrier], joint_indices: Sequence[int], memories: int = 1) -> None:
        self._barriers = tuple(barriers)
        self._columns = list(joint_indices)
        self._bounded = [
            barrier.bound if isinstance(barrier, BoundedBarrier) else None for barrier in self._barriers
        ]
        self._seeing = [barrier for barrier in self._barriers if isinstance(barrier, SeeingBarrier)]
        self._spans: list[tuple[int, int]] = []
        self._measured, self._measured_at = np.zeros((memories, 0)), np.zeros((memories, 0, 0))
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

    def at(self, axes: FloatArray, within: FloatArray, memory: int = 0) -> FloatArray:
        """Room with the channel's axes at (d,).

        Args:
            axes: of the posture.
            within: (m,) beyond which nobody asks.
            memory: of postures that this one is near to.

        Returns:
            (m,) room where it is within, elsewhere a bound above `within` that it is not below; NaN where it
            cannot be measured.
        """
        self._positions[self._columns] = axes
        return self._told(self._most_lost(memory), within, memory, are_bounds_enough=True)

    def now(self, axes: FloatArray, within: FloatArray, memory: int = 0) -> FloatArray:
        """As `at`, in less time where something is within for certain: then only rooms below 0 are asked for.
        What is remembered was measured, no bound of a barrier: else nothing would be certain.

        Returns:
            (m,) room where it is below 0; else a bound that it is not below, which is above `within` on all
            rows where none is within; NaN where it cannot be measured.
        """
        self._positions[self._columns] = axes
        lost = self._most_lost(memory)
        most = self._measured[memory] + lost
        is_near = _any((most < within) & (most > -np.inf))
        return self._told(lost, np.zeros(len(within)) if is_near else within, memory, are_bounds_enough=False)

    def _told(self, lost: FloatArray, within: FloatArray, memory: int, are_bounds_enough: bool) -> FloatArray:
        """As `at`, in the posture that was taken.

        Args:
            lost: (m,) since each row was measured, at most.
            within: as there.
            memory: as there.
            are_bounds_enough: of barriers that tell them, where they are far above `within`.
        """
        room: FloatArray = self._measured[memory] - lost
        is_far = room > within
        if _all(is_far):
            return room
        rows = np.flatnonzero(~is_far)
        for barrier, bound, (start, end) in zip(self._barriers, self._bounded, self._spans, strict=True):
            mine = rows[(rows >= start) & (rows < end)]
            if are_bounds_enough and bound is not None and mine.size > BOUNDED_FROM:
                room[mine] = bound(self._positions, (mine - start).tolist())
                mine = mine[~(room[mine] > within[mine] + LASTING_M)]
            if mine.size:
                room[mine] = barrier.room(self._positions, (mine - start).tolist())
        self._measured[memory, rows], self._measured_at[memory, rows] = room[rows], self._positions
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
        memories = len(self._measured)
        measured = np.full((memories, sum(counts)), -np.inf)
        measured_at = np.zeros((memories, *self._reach.shape))
        for barrier, (start, end) in zip(self._barriers, self._spans, strict=True):
            if barrier in kept and barrier not in self._seeing:
                old = slice(*kept[barrier])
                measured[:, start:end] = self._measured[:, old]
                measured_at[:, start:end] = self._measured_at[:, old]
        self._measured, self._measured_at = measured, measured_at

    def _most_lost(self, memory: int) -> FloatArray:
        """(m,) since each row was measured."""
        ways = np.abs(self._positions - self._measured_at[memory])
        lost: FloatArray = np.add.reduce(self._reach * ways, axis=1)
        return lost
