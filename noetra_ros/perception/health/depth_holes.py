"""Finding: no depth where the robot's own body must be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.perception.sensor_finding import FINDINGS, FINE, Symptom, suspect, unjudged
from noetra_ros.perception.sensor_sample import SensorView


@FINDINGS.register("depth_holes")
@dataclass(frozen=True)
class DepthHoles:
    """Found after `holes_frames` depth pictures in a row that give no depth (NaN, infinity, 0) on more than
    `holes_share` of the pixels where kinematics puts the robot's body, or are invalid (NaN) on more than
    `holes_picture_share` of the whole picture: what else is there would be missed too. The body is something
    of known place and size that is in the picture. Cannot catch holes elsewhere in the picture that are
    smaller, nor tell things that swallow light from holes.
    """

    verdict: ClassVar = SensorVerdict.DEPTH_HOLES
    is_timed: ClassVar = False

    holes_share: float = setting(
        "1", "depth_holes: share of the robot's own pixels without depth", minimum=0.0, maximum=1.0
    )
    holes_picture_share: float = setting(
        "1", "depth_holes: share of the whole picture that is invalid", minimum=0.0, maximum=1.0
    )
    holes_frames: int = setting("1", "depth_holes: such pictures in a row", minimum=1, maximum=100)
    body_pixels_min: int = setting(
        "px",
        "depth_holes and moved are judged where at least this much of the body is in the picture",
        minimum=1,
        maximum=1_000_000,
    )

    @property
    def frames(self) -> int:
        """Pictures with holes in a row."""
        return self.holes_frames

    def update(self, memory: Any, view: SensorView) -> tuple[Any, Symptom]:
        """Share of the body's pixels without depth."""
        sample = view.sample
        if sample is None or sample.depth_m is None:
            return None, unjudged("no depth")
        invalid = float(np.mean(np.isnan(sample.depth_m)))
        if invalid > self.holes_picture_share:
            words = f"{invalid:.0%} of the picture without depth, allowed {self.holes_picture_share:.0%}"
            return None, suspect(words)
        if sample.body_m is None:
            return None, unjudged("no kinematics")
        is_body = np.isfinite(sample.body_m)
        count = int(is_body.sum())
        if count < self.body_pixels_min:
            return None, unjudged(f"{count} px of the robot in view, {self.body_pixels_min} px needed")
        measured = sample.depth_m[is_body]
        share = 1.0 - float(np.mean(np.isfinite(measured) & (measured > 0.0)))
        if share <= self.holes_share:
            return None, FINE
        return None, suspect(
            f"no depth on {share:.0%} of the robot's own pixels, allowed {self.holes_share:.0%}"
        )
