"""What sensors give beside colour pictures and joints: depth, signals such as a wrench, sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class DepthFrame:
    """One depth picture of one camera.

    Attributes:
        stamp_ns: time of exposure.
        camera: name in the robot profile.
        depth_m: (height, width) float32, m; infinity = nothing within range, NaN = invalid (REP-118).
    """

    stamp_ns: int
    camera: str
    depth_m: NDArray[np.float32]


@dataclass(frozen=True)
class Signal:
    """Samples of one numeric stream, oldest first: a wrench, an inertial unit, the pose of a base.

    Attributes:
        stream: its name in the robot profile.
        names: (d) columns, unit at the end, e.g. ``force_x_n``.
        stamps_ns: (n,) time of each sample, rising.
        values: (n, d) in the units of the columns.
    """

    stream: str
    names: tuple[str, ...]
    stamps_ns: NDArray[np.int64]
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        expected = (len(self.stamps_ns), len(self.names))
        if self.values.shape != expected:
            raise ValueError(f"signal {self.stream} has values {self.values.shape}, expected {expected}")

    @property
    def stamp_ns(self) -> int:
        """Time of the newest sample."""
        return int(self.stamps_ns[-1])


@dataclass(frozen=True)
class Sound:
    """Audio without a gap.

    Attributes:
        stamp_ns: time of the last sample.
        stream: its name in the robot profile.
        rate_hz: samples a second.
        samples: (n, channels) float32 in -1..1, oldest first.
    """

    stamp_ns: int
    stream: str
    rate_hz: float
    samples: NDArray[np.float32]

    @property
    def start_ns(self) -> int:
        """Time of the first sample."""
        return self.stamp_ns - round((len(self.samples) - 1) * 1e9 / self.rate_hz)
