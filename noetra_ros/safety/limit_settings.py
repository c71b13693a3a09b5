"""Settings that tighten the limits of the robot profile for a place of use."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.config import setting


@dataclass(frozen=True, kw_only=True)
class LimitSettings:
    """Caps on speed and force. They have defaults: without them the limits of the profile hold."""

    speed_share: float = setting(
        "1",
        "share of the profile's speed limits that commands may use, on every channel",
        minimum=0.05,
        maximum=1.0,
        default=1.0,
    )
    base_speed_mps: float | None = setting(
        "m/s",
        "base: highest speed over ground, where the profile allows more; null = the profile's",
        minimum=0.01,
        maximum=20.0,
        default=None,
    )
    grip_share: float = setting(
        "1",
        "gripper: share of the profile's highest force or torque that a command may ask for",
        minimum=0.05,
        maximum=1.0,
        default=1.0,
    )
    grip_force_n: float | None = setting(
        "N",
        "gripper that is told its force in N: highest, where the profile allows more; null = the profile's",
        minimum=0.1,
        maximum=1000.0,
        default=None,
    )
