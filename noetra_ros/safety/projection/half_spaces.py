"""What barriers ask of the next speeds of the axes, made linear where the robot was looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray


class HalfSpaces:
    """Rows times the next speeds, each a share of its limit, have to come to the least.

    Args:
        axes: number of them.

    Attributes:
        owners: (k) barrier row of each; one may have several.
        rows: (k, d) room that is won per share.
        least: (k,) that has to be won.
    """

    def __init__(self, axes: int) -> None:
        self.owners: list[int] = []
        self.rows, self.least = np.zeros((0, axes)), np.zeros(0)

    def add(self, owners: Sequence[int], slopes: FloatArray, shares: FloatArray, spare: FloatArray) -> None:
        """What was seen of some rows.

        Args:
            owners: (k) barrier rows.
            slopes: (k, d) room that is won per share.
            shares: (d) next speeds with which they were seen.
            spare: (k,) room that these leave; below 0 what they leave missing.
        """
        self.owners += owners
        self.rows = np.concatenate([self.rows, slopes])
        self.least = np.concatenate([self.least, slopes @ shares - spare])
