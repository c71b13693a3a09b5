"""Holds a policy's needs against a robot profile: names every mismatch before arming, repairs none."""

from __future__ import annotations

import math

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.spec import CameraNeed, PolicySpec
from noetra_ros.robots.profile import Channel, RobotProfile

UNIT_OF_KIND = {
    CommandKind.JOINT_POSITION: "rad",
    CommandKind.JOINT_VELOCITY: "rad",
    CommandKind.BASE_TWIST: "m/s",
}
BEYOND_LIMITS_RAD = (
    0.35  # demonstrations may touch a limit by noise; this far beyond it is another unit or robot
)


def require_match(spec: PolicySpec, robot: RobotProfile, channel: str = "", *, is_simulation: bool) -> None:
    """Refuse a policy that does not fit the robot.

    Args:
        spec: what the policy needs and gives.
        robot: what the robot offers.
        channel: command channel; empty = the profile's default.
        is_simulation: whether a simulator's truth can be had.

    Raises:
        ConfigError: every mismatch at once.
    """
    faults = match_faults(spec, robot, channel, is_simulation=is_simulation)
    if faults:
        raise ConfigError(f"policy {spec.model} on robot {robot.name}", faults)


def match_faults(
    spec: PolicySpec, robot: RobotProfile, channel: str = "", *, is_simulation: bool
) -> list[Fault]:
    """All mismatches; empty when the policy fits."""
    faults = [fault for need in spec.cameras for fault in _camera_faults(need, spec, robot)]
    faults += _channel_faults(spec, robot.channel(channel))
    faults += _joint_faults(spec, robot)
    faults += _statistics_faults(spec, robot)
    if spec.needs_truth and not is_simulation:
        remedy = "choose a policy backend that works from pictures"
        faults.append(Fault("needs_truth", "a real robot", "a simulation", remedy))
    return faults


def _camera_faults(need: CameraNeed, spec: PolicySpec, robot: RobotProfile) -> list[Fault]:
    key = f"cameras.{need.name}"
    if need.name not in robot.cameras:
        known = ", ".join(robot.cameras) or "no camera"
        remedy = f"the robot has {known}; name one of them so in the profile"
        return [Fault(key, "a missing camera", f"{need.width_px}x{need.height_px} px", remedy)]
    camera = robot.cameras[need.name]
    faults = []
    if (camera.width_px, camera.height_px) != (need.width_px, need.height_px):
        same_aspect = camera.width_px * need.height_px == camera.height_px * need.width_px
        hint = "" if same_aspect else "; the aspect ratio differs too"
        remedy = f"set the size in the profile{hint}"
        got = f"{camera.width_px}x{camera.height_px} px"
        faults.append(Fault(key, got, f"{need.width_px}x{need.height_px} px", remedy))
    if need.colour_order != "rgb":
        faults.append(Fault(f"{key}.colour_order", need.colour_order, "rgb, as frames arrive here"))
    if camera.rate_hz * spec.replan_s < 1.0 - 1e-9:
        got, expected = f"{camera.rate_hz} Hz", f">= {1.0 / spec.replan_s:g} Hz"
        faults.append(Fault(f"{key}.rate_hz", got, expected, "one new frame for each inference"))
    return faults


def _channel_faults(spec: PolicySpec, channel: Channel) -> list[Fault]:
    faults = []
    if spec.kind is not channel.kind:
        faults.append(Fault("kind", spec.kind.value, f"{channel.kind.value} (channel {channel.topic})"))
    expected_unit = UNIT_OF_KIND[channel.kind]
    if spec.unit != expected_unit:
        remedy = "convert the model's data and train again, or wrap the backend"
        faults.append(Fault("unit", spec.unit, expected_unit, remedy))
    if channel.kind is CommandKind.BASE_TWIST or spec.actions == channel.joints:
        return faults
    if len(spec.actions) != len(channel.joints):
        faults.append(Fault("actions", f"{len(spec.actions)} values", f"{len(channel.joints)} values"))
    elif sorted(spec.actions) == sorted(channel.joints):
        faults.append(Fault("actions", ", ".join(spec.actions), f"the order {', '.join(channel.joints)}"))
    unknown = [name for name in spec.actions if name not in channel.joints]
    if unknown:
        faults.append(Fault("actions", ", ".join(unknown), f"joints of {', '.join(channel.joints)}"))
    return faults


def _joint_faults(spec: PolicySpec, robot: RobotProfile) -> list[Fault]:
    missing = [name for name in spec.joints if name not in robot.joints]
    known = ", ".join(robot.joints) or "no joint"
    return [Fault(f"joints.{name}", "a missing joint", f"one of {known}") for name in missing]


def _statistics_faults(spec: PolicySpec, robot: RobotProfile) -> list[Fault]:
    faults = []
    for row in spec.statistics:
        if row.name not in robot.joints:
            continue  # named by _joint_faults
        limits = robot.joints[row.name]
        numbers = (row.mean_rad, row.deviation_rad, row.lowest_rad, row.highest_rad)
        key = f"statistics.{row.name}"
        if not all(math.isfinite(n) for n in numbers) or row.deviation_rad <= 0:
            faults.append(Fault(key, str(numbers), "finite numbers, deviation > 0"))
            continue
        low, high = limits.lower_rad - BEYOND_LIMITS_RAD, limits.upper_rad + BEYOND_LIMITS_RAD
        if row.lowest_rad < low or row.highest_rad > high:
            got = f"{row.lowest_rad:g} .. {row.highest_rad:g}"
            remedy = "degrees for radians, or another robot's data?"
            faults.append(Fault(key, got, f"within {limits.lower_rad} .. {limits.upper_rad} rad", remedy))
    return faults
