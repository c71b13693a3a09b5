"""Settings of the checks that keep people apart from the robot; config/supervisor.yaml gives them all."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting


@dataclass(frozen=True, kw_only=True)
class SeparationSettings:
    """What speed and separation monitoring takes from the configuration."""

    human_speed_mps: float = setting(
        "m/s", "speed of a person who is not measured (ISO 13855: 1.6)", minimum=0.0, maximum=10.0
    )
    near_human_speed_mps: float = setting(
        "m/s", "the same nearer than near_distance_m (ISO 13855: a hand, 2.0)", minimum=0.0, maximum=10.0
    )
    near_distance_m: float = setting(
        "m", "nearer than this a person may reach with a hand", minimum=0.0, maximum=5.0
    )
    human_acceleration_mps2: float = setting(
        "m/s2", "by which a measured speed of a person may grow until the robot stands", minimum=0.0
    )
    max_track_std_m: float = setting(
        "m", "less sure tracks than this count as not measured: their speed is assumed", minimum=0.0
    )
    controller_latency_s: float = setting(
        "s", "from a command going out until the robot follows it", minimum=0.0, maximum=2.0
    )
    intrusion_m: float = setting("m", "C: how far a body part reaches in before it is seen", minimum=0.0)
    sensor_uncertainty_m: float = setting("m", "Z_d, at least: error of a measured person", minimum=0.0)
    uncertainty_factor: float = setting(
        "1", "Z_d is at least this many standard deviations of the track", minimum=0.0
    )
    robot_uncertainty_m: float = setting("m", "Z_r: error of the robot's own points", minimum=0.0)
    slow_margin_m: float = setting(
        "m", "distance by which slowing down begins before it has to, so that it is smooth", minimum=0.0
    )


@dataclass(frozen=True, kw_only=True)
class ContactSettings:
    """What power and force limiting takes from the configuration."""

    body_regions: str = setting(description="file of force and pressure limits: config/<name>.yaml or a path")
    contact_regions: tuple[str, ...] = setting(
        description="regions of that file that contact is accepted with; the slowest of them counts"
    )
    contact_area_cm2: float = setting(
        "cm2", "smallest area of the robot that a person can be hit with", minimum=0.01, maximum=1000.0
    )
    contact_distance_m: float = setting(
        "m", "nearer than this to a person, links move no faster than contact allows", minimum=0.0
    )
    payload_kg: float = setting("kg", "m_L: mass of tool and load beyond the URDF's", minimum=0.0)


@dataclass(frozen=True, kw_only=True)
class PerceptionSettings:
    """What the supervisor asks of perception."""

    max_scene_age_s: float = setting(
        "s", "perception/obstacles older than this: controlled stop", minimum=0.001, maximum=10.0
    )
    sensor_reactions: tuple[str, ...] = setting(
        description="reaction to each verdict of a sensor as verdict=stop, slow or warn; one for each verdict"
    )
    sensor_slow_scale: float = setting(
        "1", "share of the speed limits under the reaction slow", minimum=0.0, maximum=1.0
    )


@dataclass(frozen=True, kw_only=True)
class PeopleSettings(SeparationSettings, ContactSettings, PerceptionSettings):
    """All of them, for the supervisor node."""

    watch_people: bool = setting(
        description="perception/obstacles is there and the checks of people run; without it they are left out"
    )
    watch_obstacles: bool = setting(
        description="base: perception/obstacles is there, and the check footprint keeps clear of all that it "
        "tells, as of what scanners see; without it only scanners count"
    )
    reduced_speed_mps: float = setting(
        "m/s", "highest speed of the tool in the mode reduced speed (ISO 10218: 0.25)", minimum=0.0
    )
    reduced_speed: bool = setting(
        description="start in the mode reduced speed; safety/reduced_speed changes it"
    )
    reduced_speed_stays: bool = setting(
        description="safety/reduced_speed turns the mode on, and not off again", default=False
    )
    scale_rise_per_s: float = setting(
        "1/s", "how fast the speed scale may rise again", minimum=0.01, maximum=100.0
    )
    resumes_by_itself: bool = setting(
        description="a protective stop ends when its cause is gone; false = disarm and arm again"
    )
