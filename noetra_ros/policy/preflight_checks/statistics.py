"""Numbers of the training data: do they belong to this robot, this unit, and every joint?"""

from __future__ import annotations

import math

from noetra_ros.core.errors import Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import JointStatistics, PolicySpec
from noetra_ros.robots.profile import JointLimits

# Demonstrations may touch a limit by noise; this far beyond it is another unit or robot.
BEYOND_LIMITS_RAD = 0.35
UNIT_REMEDY = "degrees for radians, or another robot's data?"


@PREFLIGHT_CHECKS.register("statistics")
def statistics(spec: PolicySpec, serving: Serving) -> Comparison:
    """Each joint's numbers against its limits."""
    if spec.kind is not CommandKind.JOINT_POSITION or serving.channel.kind is not spec.kind:
        return Comparison()
    if not spec.statistics:
        needed = f"{spec.model} gives no statistics of its training data"
        return Comparison(unknown=(needed,) if spec.cameras else ())
    joints = serving.robot.joints
    faults = [f for row in spec.statistics if row.name in joints for f in _row_faults(row, joints[row.name])]
    named = [row.name for row in spec.statistics]
    missing = [name for name in spec.actions if name not in named]
    if missing:
        remedy = "the checkpoint is of another set of joints; take the statistics that belong to it"
        faults.append(Fault("statistics", f"none of {', '.join(missing)}", "numbers of every joint", remedy))
    same = f"{len(named)} joints within their limits"
    return Comparison(same=() if faults else (same,), faults=tuple(faults))


def _row_faults(row: JointStatistics, limits: JointLimits) -> list[Fault]:
    numbers = (row.mean_rad, row.deviation_rad, row.lowest_rad, row.highest_rad)
    key, span = f"statistics.{row.name}", f"within {limits.lower_rad} .. {limits.upper_rad} rad"
    if not all(math.isfinite(n) for n in numbers) or row.deviation_rad <= 0:
        remedy = "work the statistics out again; a joint that never moved has none"
        return [Fault(key, str(numbers), "finite numbers, deviation > 0", remedy)]
    low, high = limits.lower_rad - BEYOND_LIMITS_RAD, limits.upper_rad + BEYOND_LIMITS_RAD
    if row.lowest_rad < low or row.highest_rad > high:
        return [Fault(key, f"{row.lowest_rad:g} .. {row.highest_rad:g}", span, UNIT_REMEDY)]
    if not low <= row.mean_rad <= high:
        return [Fault(f"{key}.mean", f"{row.mean_rad:g}", span, UNIT_REMEDY)]
    if row.deviation_rad > high - low:
        return [Fault(f"{key}.deviation", f"{row.deviation_rad:g}", f"below {high - low:g} rad", UNIT_REMEDY)]
    return []
