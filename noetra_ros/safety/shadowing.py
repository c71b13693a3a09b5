"""What would have been sent, held against what the robot was made to do: per joint, since the start."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray


class Shadowing:
    """Collects deviations of commands that were not sent.

    Args:
        names: joints of the channel, in its order.
        unit: of its values.
    """

    def __init__(self, names: Sequence[str], unit: str = "rad") -> None:
        self._names, self._unit = tuple(names), unit
        self._squares, self._most = np.zeros(len(names)), np.zeros(len(names))
        self.count = 0

    def compare(self, wanted: FloatArray, measured: FloatArray) -> None:
        """One command that was not sent and the joints at that moment, (n,) each; else, and NaN: left out."""
        if np.shape(wanted) != self._most.shape or np.shape(measured) != self._most.shape:
            return
        off = np.abs(np.asarray(wanted) - np.asarray(measured))
        if not np.isfinite(off).all():
            return
        self._squares += off**2
        self._most = np.maximum(self._most, off)
        self.count += 1

    @property
    def root_mean_square(self) -> FloatArray:
        """(n,) of all deviations; zeros before the first."""
        return np.asarray(np.sqrt(self._squares / max(1, self.count)))

    @property
    def largest(self) -> FloatArray:
        """(n,) largest deviation of each joint."""
        return self._most.copy()

    def words(self) -> str:
        """For people: the joint that is off the most comes first."""
        if not self.count:
            return "nothing compared yet"
        order = np.argsort(-self._most)
        rows = (
            f"{self._names[k]} {self.root_mean_square[k]:.3f} rms, {self._most[k]:.3f} most" for k in order
        )
        return f"{self.count} compared, {self._unit}: " + "; ".join(rows)
