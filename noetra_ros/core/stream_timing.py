"""How the samples of one stream are brought to the instant of an observation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from noetra_ros.core.config import setting


class Align(Enum):
    """Which sample of a stream belongs to an instant."""

    HOLD = "hold"  # the newest one before it, however long before: for what changes slowly
    AS_OF = "as_of"  # the nearest one, at most the tolerance away
    DROP = "drop"  # the same, and each sample counts once: an instant without a new one is left out


@dataclass(frozen=True)
class StreamTiming:
    """When a sample of a stream may be part of an observation. No defaults: a missing value is an error."""

    align: Align = setting(
        description="hold: newest sample before the instant; as_of: nearest one within tolerance_s; "
        "drop: as as_of, but an instant without a sample that was not used before is left out"
    )
    tolerance_s: float = setting(
        "s", "largest distance to the instant; for hold: how much later it may be", minimum=0.0, maximum=5.0
    )
    max_age_s: float = setting(
        "s", "older than this, by its stamp, and there is no observation", minimum=0.001, maximum=60.0
    )
