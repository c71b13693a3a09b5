"""Parameters of the perception node: its own, those of the geometry and those of each finding."""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from typing import Any

from noetra_ros.core.config import setting
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.perception.recognition import RecognitionSettings
from noetra_ros.perception.sensor_finding import FINDINGS
from noetra_ros.perception.sensor_health import HealthSettings
from noetra_ros.perception.settings import GeometrySettings
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros.camera_hub import TRANSPORTS
from noetra_ros.ros.parameters import NodeSettings


@dataclass(frozen=True, kw_only=True)
class PerceptionChoice(HealthSettings, RecognitionSettings, GeometrySettings, NodeSettings):
    """Parameters of the perception node but those of the findings."""

    cameras: tuple[str, ...] = setting(
        description="cameras that are looked through; empty = those that the profile gives to perception and "
        "recognition, or all",
        default=("",),
    )
    image_transport: str = setting(
        description="raw, or compressed: pictures are taken from <image topic>/compressed (JPEG or PNG)",
        choices=TRANSPORTS,
        default="raw",
    )
    scene_period_s: float = setting(
        "s",
        "without new data a scene is published this often, so that silence is told",
        minimum=0.01,
        maximum=1.0,
    )
    annotate: bool = setting(description="publish annotated pictures where somebody looks", default=True)


def with_finding_settings(base: type[PerceptionChoice]) -> type[PerceptionChoice]:
    """`base` with the settings of every file in noetra_ros/perception/health: a new finding adds its own."""
    fields: dict[str, tuple[str, Any, Any]] = {}
    for name in FINDINGS.names():
        kind: Any = FINDINGS.get(name)
        hints = typing.get_type_hints(kind)
        for field in dataclasses.fields(kind):
            copied = dataclasses.field(default=field.default, metadata=field.metadata)
            fields.setdefault(field.name, (field.name, hints[field.name], copied))
    made = dataclasses.make_dataclass(
        "PerceptionNodeSettings", list(fields.values()), bases=(base,), frozen=True, kw_only=True
    )
    made.__doc__ = "Parameters of the perception node."
    return made


PerceptionNodeSettings = with_finding_settings(PerceptionChoice)


def chosen_cameras(settings: PerceptionChoice, profile: RobotProfile) -> tuple[str, ...]:
    """Names of the cameras to look through.

    Raises:
        ConfigError: a camera that the robot lacks.
    """
    named = tuple(name for name in settings.cameras if name)
    unknown = [name for name in named if name not in profile.cameras]
    if unknown:
        known = ", ".join(profile.cameras) or "no camera"
        faults = [Fault("cameras", repr(name), f"some of {known}") for name in unknown]
        raise ConfigError(f"robot {profile.name}", faults)
    return named or profile.cameras_for("perception", "recognition") or tuple(profile.cameras)
