"""The plan of the fault campaign for another robot: the stations whose commands and sensors it has."""

from __future__ import annotations

from dataclasses import replace

from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.faults.plan import FaultPlan, Station
from noetra_ros.robots.profile import RobotProfile, load_robot


def for_robot(plan: FaultPlan, robot: str) -> FaultPlan:
    """The plan with `robot` in the stations of robots that are commanded as it is; without the others.

    Args:
        plan: of the shipped robots.
        robot: profile, a name or a YAML file.

    Raises:
        ConfigError: wrong profile; no station for such a robot.
    """
    profile = load_robot(robot)
    stations = {
        name: replace(station, robot=robot)
        for name, station in plan.stations.items()
        if _fits(profile, station)
    }
    if not stations:
        kind = profile.channel().kind.value
        raise single_fault("noetra faults", "--robot", f"{robot}, told by {kind}", "positions or base twists")
    return replace(plan, stations=stations)


def _fits(profile: RobotProfile, station: Station) -> bool:
    is_alike = load_robot(station.robot).channel().kind is profile.channel().kind
    eyes = [profile.cameras[name] for name in profile.cameras_for("perception")]
    sees = any(camera.has_depth for camera in eyes) or not station.perception
    return is_alike and sees and (bool(eyes) or not station.played_perception)
