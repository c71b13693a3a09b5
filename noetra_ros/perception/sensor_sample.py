"""What one sensor gave at one instant, together with what it should have shown: the evidence of its
health.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import ImageArray


@dataclass(frozen=True)
class SensorSample:
    """One measurement of one sensor.

    Attributes:
        sensor: camera, scan or cloud by its name in the robot profile.
        stamp_ns: its own stamp.
        arrival_ns: when it came, on the clock of the stamps.
        rgb: (height, width, 3) uint8; None = no picture.
        depth_m: (height, width) float32, m along the optical axis; inf = nothing within range, NaN = invalid;
            None = no depth.
        data: further numbers (ranges of a scan, points of a cloud); None = none.
        body_m: (height, width) float32, depth at which kinematics puts the robot's own body; inf = not there;
            None = not known.
        changed_px: pixels that the robot's own motion must have changed since the measurement before;
            0 = none, or it is not known.
    """

    sensor: str
    stamp_ns: int
    arrival_ns: int
    rgb: ImageArray | None = None
    depth_m: NDArray[np.float32] | None = None
    data: NDArray[np.floating] | None = None
    body_m: NDArray[np.float32] | None = None
    changed_px: int = 0

    @property
    def contents(self) -> Mapping[str, NDArray[np.generic]]:
        """What was measured, by kind."""
        parts = {"picture": self.rgb, "depth": self.depth_m, "data": self.data}
        return {name: values for name, values in parts.items() if values is not None}


@dataclass(frozen=True)
class SensorFacts:
    """What is known of a sensor beforehand.

    Attributes:
        name: by which the robot profile calls it.
        period_s: time between two measurements.
        noisy: kinds of content whose noise makes two measurements of a still scene differ.
        is_carried: the sensor moves with the robot.
    """

    name: str
    period_s: float
    noisy: tuple[str, ...] = ()
    is_carried: bool = False


@dataclass(frozen=True)
class SensorView:
    """What a finding looks at.

    Attributes:
        facts: what is known of the sensor.
        now_ns: the clock of the stamps.
        sample: newest measurement; None = none yet.
        before: the one before it; None = none.
    """

    facts: SensorFacts
    now_ns: int
    sample: SensorSample | None
    before: SensorSample | None = None
