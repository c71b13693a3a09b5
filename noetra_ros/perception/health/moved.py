"""Finding: the robot's own body is not where its kinematics puts it, so the camera is not where it should
be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.perception.body_view import grid_step_px
from noetra_ros.perception.sensor_finding import FINDINGS, FINE, Symptom, suspect, unjudged
from noetra_ros.perception.sensor_sample import SensorView


@FINDINGS.register("moved")
@dataclass(frozen=True)
class Moved:
    """Found after `moved_frames` depth pictures in a row in which more than `moved_share` of the robot's own
    pixels lie deeper than kinematics puts the body (seen through: the body cannot be there), or more than
    `moved_nearer_share` nearer, by more than `moved_tolerance_m`.

    A pixel counts as the body where the depth of itself or of one of its neighbours fits: a shift of a pixel
    is no finding, so that edges, noise and the lag of joint states are none either. Pixels much nearer than
    the body (`moved_occluder_m`) are something in front of it (a hand, a person) and judge nothing;
    something close above it covers a part of it only, a camera that came nearer all of it. A wrong joint
    state (encoder slip) looks the same and is as dangerous.

    Measured with the SO-101 under its overhead camera (1.3 cm a pixel): at most 3 % where all is well; a
    shift by 5 cm or a tilt by 2 degrees gives at least 14 %. Cannot catch less than that, nor a turn about
    the optical axis by a few degrees, nor judge while less than `body_pixels_min` of the body is seen.
    """

    verdict: ClassVar = SensorVerdict.MOVED
    is_timed: ClassVar = False

    moved_tolerance_m: float = setting(
        "m",
        "moved: distance of measured and expected depth that is still the body",
        minimum=0.001,
        maximum=1.0,
    )
    moved_occluder_m: float = setting(
        "m",
        "moved: depth this much nearer than the body is something in front of it",
        minimum=0.01,
        maximum=5.0,
    )
    moved_share: float = setting(
        "1",
        "moved: share of the body's pixels that lie deeper than they should",
        minimum=0.0,
        maximum=1.0,
    )
    moved_nearer_share: float = setting(
        "1",
        "moved: share of the body's pixels that lie nearer, but less than moved_occluder_m",
        minimum=0.0,
        maximum=1.0,
    )
    moved_frames: int = setting("1", "moved: such pictures in a row", minimum=1, maximum=100)
    body_pixels_min: int = setting(
        "px",
        "depth_holes and moved are judged where at least this much of the body is in the picture",
        minimum=1,
        maximum=1_000_000,
    )

    @property
    def frames(self) -> int:
        """Such pictures in a row."""
        return self.moved_frames

    def update(self, memory: Any, view: SensorView) -> tuple[Any, Symptom]:
        """Share of the body's pixels at a wrong depth."""
        sample = view.sample
        if sample is None or sample.depth_m is None or sample.body_m is None:
            return None, unjudged("no depth, or no kinematics")
        off_m = distances_m(sample.depth_m, sample.body_m)
        off_m = off_m[off_m > -self.moved_occluder_m]
        if len(off_m) < self.body_pixels_min:
            return None, unjudged(f"{len(off_m)} px of the robot seen, {self.body_pixels_min} px needed")
        deeper = float(np.mean(off_m > self.moved_tolerance_m))
        nearer = float(np.mean(off_m < -self.moved_tolerance_m))
        if deeper > self.moved_share:
            where, share, limit = "deeper", deeper, self.moved_share
        elif nearer > self.moved_nearer_share:
            where, share, limit = "nearer", nearer, self.moved_nearer_share
        else:
            return None, FINE
        words = f"{share:.0%} of the robot's own pixels lie {where} than kinematics puts them"
        return None, suspect(f"{words} by more than {self.moved_tolerance_m:g} m, allowed {limit:.0%}")


def distances_m(depth_m: NDArray[np.float32], body_m: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much deeper than the body each of its pixels was measured; of its neighbourhood, the value nearest
    to 0.

    Args:
        depth_m: (height, width) measured depth, m.
        body_m: (height, width) expected depth of the body, m; infinity = not there.

    Returns:
        (k,) m, of the k pixels of the body with a measured depth.
    """
    reach = grid_step_px(depth_m.shape[1])
    rows, columns = np.nonzero(np.isfinite(body_m))
    padded = np.pad(np.where(depth_m > 0.0, depth_m, np.inf), reach, constant_values=np.inf)
    steps = range(0, 2 * reach + 1, reach)
    around = np.stack([padded[rows + i, columns + j] for i in steps for j in steps]) - body_m[rows, columns]
    around[~np.isfinite(around)] = np.inf
    nearest = np.argmin(np.abs(around), axis=0)
    found: NDArray[np.float32] = around[nearest, np.arange(len(rows))]
    return found[np.isfinite(found)]
