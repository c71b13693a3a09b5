"""Which axis is farthest above its limit."""

from __future__ import annotations

from collections.abc import Sequence

from noetra_ros.safety.limiter import ROUNDING


def worst_axis(values: Sequence[float], limits: Sequence[float], slack: float = 1e-9) -> int | None:
    """Index of the value that exceeds its limit by the largest share.

    Args:
        values: (d) signed; their size is judged.
        limits: (d) >= 0.
        slack: absolute excess that rounding explains.

    Returns:
        None when every value is on or within its limit (rounding aside).
    """
    for value, limit in zip(values, limits, strict=True):
        if abs(value) > limit:
            break
    else:
        return None  # as of most commands
    worst, worst_share = None, 0.0
    for index, (value, limit) in enumerate(zip(values, limits, strict=True)):
        excess = abs(value) - limit * (1.0 + ROUNDING) - slack
        if excess > 0.0 and excess / max(limit, 1e-9) > worst_share:
            worst, worst_share = index, excess / max(limit, 1e-9)
    return worst
