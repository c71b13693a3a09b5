"""Where a base comes to when it goes on for a moment and then brakes: each axis as the limiter brakes it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.braking import MAX_BRAKING_STEPS
from noetra_ros.safety.limiter import AxisMotion, velocities_until_rest
from noetra_ros.safety.limits import AxisLimits
from noetra_ros.safety.reckoning import Pose

STEP_M = 0.02  # of the rim, from one pose to the next


def poses_until_rest(
    motions: Sequence[AxisMotion], axes: Sequence[AxisLimits], dt_s: float, goes_on_s: float, reach_m: float
) -> tuple[FloatArray, FloatArray]:
    """Poses of a base that holds its twist for a while and then is stopped.

    Args:
        motions: (3) vx, vy, wz as they are.
        axes: (3) their limits.
        dt_s: period of the channel.
        goes_on_s: how long the twist is held.
        reach_m: farthest point of the base from its origin.

    Returns:
        (k, 3) x m, y m, yaw rad in the base frame of now, close enough together that no point of the base
        goes farther than `STEP_M` between two of them; the first is now. And (k,) s from now until the base
        is there.
    """
    pose, poses, way_m = Pose(), [Pose()], 0.0
    now_s, times_s = 0.0, [0.0]
    stops = [speeds_until_rest(motion, axis, dt_s) for motion, axis in zip(motions, axes, strict=True)]
    held = tuple([motion.velocity for motion in motions])
    steps = itertools.chain(
        [(held, goes_on_s)], zip(itertools.zip_longest(*stops, fillvalue=0.0), itertools.repeat(dt_s))
    )
    for twist, duration_s in steps:
        step_m = (math.hypot(twist[0], twist[1]) + abs(twist[2]) * reach_m) * duration_s
        if way_m > 0.0 and way_m + step_m > STEP_M:
            poses.append(pose)
            times_s.append(now_s)
            way_m = 0.0
        count = math.ceil(step_m / STEP_M)
        poses += [pose.moved(twist, duration_s * i / count) for i in range(1, count)]
        times_s += [now_s + duration_s * i / count for i in range(1, count)]
        pose, now_s = pose.moved(twist, duration_s), now_s + duration_s
        way_m += step_m / max(count, 1)
    return np.array([*poses, pose]), np.array([*times_s, now_s])


def speeds_until_rest(motion: AxisMotion, axis: AxisLimits, dt_s: float) -> list[float]:
    """Speeds of a controlled stop, period by period; empty for an axis at rest."""
    return velocities_until_rest(motion, axis, dt_s, MAX_BRAKING_STEPS)


def seen_from_poses(points_m: FloatArray, poses: FloatArray) -> FloatArray:
    """(k, n, 2) points (n, 2) of one frame as seen from poses (k, 3) in it."""
    cos, sin = np.cos(poses[:, 2])[:, None], np.sin(poses[:, 2])[:, None]
    x = points_m[None, :, 0] - poses[:, 0, None]
    y = points_m[None, :, 1] - poses[:, 1, None]
    return np.stack([cos * x + sin * y, cos * y - sin * x], axis=-1)


def placed_at(points_m: FloatArray, pose: Sequence[float]) -> FloatArray:
    """(n, 2) points of the frame at `pose` (x, y, yaw), in the frame that the pose is given in."""
    cos, sin = math.cos(pose[2]), math.sin(pose[2])
    turned = np.column_stack(
        [cos * points_m[:, 0] - sin * points_m[:, 1], sin * points_m[:, 0] + cos * points_m[:, 1]]
    )
    return np.asarray(turned + np.array(pose[:2]))
