"""Which axis is farthest above its limit. Part of the kernel (see `kernel`)."""

from __future__ import annotations

from noetra_ros.safety.limiter import ROUNDING


def worst_axis(values: tuple[float, ...], limits: tuple[float, ...], slack: float = 1e-9) -> int | None:
    """Index of the value that exceeds its limit by the largest share.

    Args:
        values: (d) signed; their size is judged.
        limits: (d) >= 0.
        slack: absolute excess that rounding explains.

    Returns:
        None when every value is on or within its limit (rounding aside).
    """
    if len(values) != len(limits):
        raise ValueError(f"{len(values)} values beside {len(limits)} limits")
    worst, worst_share = None, 0.0
    for i in range(len(values)):
        size, limit = abs(values[i]), limits[i]
        if size <= limit:
            continue  # as most are
        excess = size - limit * (1.0 + ROUNDING) - slack
        if excess > 0.0 and excess / max(limit, 1e-9) > worst_share:
            worst, worst_share = i, excess / max(limit, 1e-9)
    return worst
