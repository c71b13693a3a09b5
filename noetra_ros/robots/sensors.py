"""What senses on a robot, as its profile says: cameras, numeric streams, microphones."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.core.picture_path import RESIZES

CAMERA_USERS = ("policy", "perception", "recognition")


@dataclass(frozen=True)
class PolicyPicture:
    """How the policy node resizes a camera's pictures before a model gets them; bilinear, antialiased."""

    width_px: int = setting("px", "width that the model gets", minimum=16, maximum=4096)
    height_px: int = setting("px", "height that the model gets", minimum=16, maximum=4096)
    resize: str = setting(
        description="stretch, letterbox (middle), letterbox_start (picture top left), letterbox_end (bottom "
        "right), crop (middle): as training did it",
        choices=RESIZES[1:],
    )


@dataclass(frozen=True)
class Camera:
    """One camera: topics, size, rate and, for simulation, its mount."""

    topic: str = setting(description="image topic (sensor_msgs/Image); depth and camera_info lie beside it")
    frame: str = setting(description="optical frame (REP-103: z forward, x right, y down)")
    width_px: int = setting("px", "image width", minimum=16, maximum=4096)
    height_px: int = setting("px", "image height", minimum=16, maximum=4096)
    rate_hz: float = setting("Hz", "frames a second", minimum=0.1, maximum=240.0)
    fovy_rad: float = setting("rad", "vertical field of view", minimum=0.05, maximum=3.0)
    source_width_px: int | None = setting(
        "px",
        "width that the camera takes, where the topic's pictures were resized; null = as they are",
        default=None,
    )
    source_height_px: int | None = setting(
        "px", "height that the camera takes; null = as they are", default=None
    )
    resize: str = setting(
        description="how its pictures came to the topic's size: none, stretch, letterbox (middle), "
        "letterbox_start (picture top left), letterbox_end (bottom right), crop (middle)",
        choices=RESIZES,
        default="none",
    )
    for_policy: PolicyPicture | None = setting(
        description="the policy node resizes its pictures so; null = the model gets them as they come",
        default=None,
    )
    has_depth: bool = setting(description="depth is published too", default=False)
    noise_levels: float = setting(
        "1",
        "standard deviation of the pixels' noise, grey levels; simulated so; 0 = none: pictures of a still "
        "scene may be identical and are not taken for a frozen camera",
        minimum=0.0,
        maximum=50.0,
        default=0.0,
    )
    depth_noise_m: float = setting("m", "the same for its depth", minimum=0.0, maximum=0.1, default=0.0)
    used_by: tuple[str, ...] = setting(
        description="who looks through it: policy; perception (its depth gives obstacles: the mount must be "
        "known well); recognition (things are named in it); what nobody uses need not be drawn",
        default=("policy",),
    )
    parent_link: str = setting(description="link that carries the camera; simulation only", default="world")
    position_m: tuple[float, float, float] = setting(
        "m", "mount position in parent_link", default=(0.0, 0.0, 0.0)
    )
    look_at_m: tuple[float, float, float] = setting(
        "m", "point looked at, in parent_link", default=(1.0, 0.0, 0.0)
    )
    up: tuple[float, float, float] = setting(
        "", "direction that is up in the picture, in parent_link", default=(0.0, 0.0, 1.0)
    )
    sees_room: bool = setting(
        description="simulation only: floor and edges of the table are drawn; else a table without end",
        default=False,
    )

    @property
    def published_px(self) -> tuple[int, int]:
        """(width, height) on the topic."""
        return (self.width_px, self.height_px)

    @property
    def given_px(self) -> tuple[int, int]:
        """(width, height) that a model gets."""
        own = self.for_policy
        return (own.width_px, own.height_px) if own is not None else self.published_px


@dataclass(frozen=True)
class Stream:
    """A topic that the robot publishes, and how old it may be before the supervisor stops."""

    topic: str = setting(description="topic of the robot")
    rate_hz: float = setting("Hz", "its usual rate", minimum=0.1, maximum=2000.0)
    max_age_s: float = setting("s", "older than this is stale: the supervisor stops", minimum=0.001)
    position_m: tuple[float, float, float] = setting(
        "m", "scans and clouds: where the sensor is, base frame", default=(0.0, 0.0, 0.0)
    )
    yaw_rad: float = setting("rad", "scans and clouds: where its x axis points to, base frame", default=0.0)
    kind: str = setting(
        description="policy: what its messages are, a file of noetra_ros/robots/signals; empty = as its name",
        default="",
    )


@dataclass(frozen=True)
class Microphone:
    """One audio topic."""

    topic: str = setting(
        description="topic of the robot; its stamps are those of the first sample of a block"
    )
    rate_hz: float = setting("Hz", "samples a second", minimum=1000.0, maximum=192000.0)
    channels: int = setting("1", "1 = mono", minimum=1, maximum=16)
