"""Which axis is farthest above its limit."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.limiter import ROUNDING


def worst_axis(values: FloatArray, limits: FloatArray, slack: float = 1e-9) -> int | None:
    """Index of the value that exceeds its limit by the largest share.

    Args:
        values: (d,) signed; their size is judged.
        limits: (d,) >= 0.
        slack: absolute excess that rounding explains.

    Returns:
        None when every value is on or within its limit (rounding aside).
    """
    excess = np.abs(values) - limits * (1.0 + ROUNDING) - slack
    if not (excess > 0.0).any():
        return None
    return int(np.argmax(excess / np.maximum(limits, 1e-9)))
