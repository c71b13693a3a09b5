"""Joint positions at the stamp of a picture, from the joint states around it."""

from __future__ import annotations

from collections import deque

import numpy as np

from noetra_ros.core.types import FloatArray, JointState

STATES_MAX = 200


class JointHistory:
    """The newest joint states.

    Args:
        gap_s: farther from the stamp asked for, a state says nothing.
    """

    def __init__(self, gap_s: float) -> None:
        self._gap_ns = round(gap_s * 1e9)
        self._states: deque[JointState] = deque(maxlen=STATES_MAX)

    def add(self, joints: JointState) -> None:
        """Takes a joint state; one that is older than the newest starts anew (the clock was set back)."""
        if self._states and joints.stamp_ns < self._states[-1].stamp_ns:
            self._states.clear()
        self._states.append(joints)

    def positions_at(self, stamp_ns: int) -> FloatArray | None:
        """Positions at one instant, between two states linearly, else those of the nearest state.

        Returns:
            (j,) rad or m, profile order; None where no state lies close enough.
        """
        before = next((s for s in reversed(self._states) if s.stamp_ns <= stamp_ns), None)
        after = next((s for s in self._states if s.stamp_ns > stamp_ns), None)
        near = [s for s in (before, after) if s is not None and abs(s.stamp_ns - stamp_ns) <= self._gap_ns]
        if not near:
            return None
        if len(near) == 1:
            return np.asarray(near[0].positions, dtype=np.float64)
        first, second = near
        share = (stamp_ns - first.stamp_ns) / (second.stamp_ns - first.stamp_ns)
        positions: FloatArray = first.positions + share * (second.positions - first.positions)
        return positions
