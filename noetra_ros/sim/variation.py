"""Domain randomisation: what differs from episode to episode besides the layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray

BASE_COLOURS = {
    "red_cube": (0.80, 0.10, 0.08),
    "green_cube": (0.10, 0.62, 0.15),
    "blue_cube": (0.10, 0.22, 0.80),
    "yellow_cylinder": (0.90, 0.78, 0.10),
    "purple_ball": (0.52, 0.15, 0.60),
    "bowl": (0.88, 0.88, 0.86),
    "table": (0.42, 0.40, 0.38),
}
FLOOR_COLOUR = (0.55, 0.55, 0.53)
LAMP_DIRECTION = (-0.35, 0.15, -1.0)
LAMP_LIGHT, AMBIENT_LIGHT = 0.62, 0.30


@dataclass(frozen=True)
class Ranges:
    """How far each property may be drawn from its nominal value (half widths)."""

    light_direction: float
    light_gain: float
    light_tint: float
    colour: float
    camera_position_m: float
    camera_angle_rad: float
    friction_gain: float
    joint_rad: float


LEVELS = {
    "none": Ranges(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "train": Ranges(0.5, 0.35, 0.12, 0.12, 0.010, 0.020, 0.25, 0.06),
    "eval": Ranges(0.4, 0.30, 0.10, 0.10, 0.008, 0.016, 0.20, 0.05),
}


@dataclass(frozen=True)
class Variation:
    """One drawn set of properties.

    Attributes:
        level: `none`, `train` or `eval`.
        light_direction: (3,) unit vector from the lamp, world frame.
        light_rgb: (3,) diffuse light, 0 to 1.
        ambient_rgb: (3,) light from everywhere, 0 to 1.
        colours: (3,) RGB, 0 to 1, by object name, `bowl`, `table` and `floor`.
        camera_offsets_m: (3,) shift of each camera in its own frame, by camera name.
        camera_turns_rad: (3,) small rotation vector of each camera in its own frame, by camera name.
        friction_gain: factor on the sliding friction of objects and table.
        joint_offsets_rad: (n,) added to the home position.
    """

    level: str
    light_direction: FloatArray
    light_rgb: FloatArray
    ambient_rgb: FloatArray
    colours: Mapping[str, FloatArray]
    camera_offsets_m: Mapping[str, FloatArray] = field(default_factory=dict)
    camera_turns_rad: Mapping[str, FloatArray] = field(default_factory=dict)
    friction_gain: float = 1.0
    joint_offsets_rad: FloatArray = field(default_factory=lambda: np.zeros(0))


def sample_variation(
    level: str, rng: np.random.Generator, cameras: tuple[str, ...] = (), joint_count: int = 0
) -> Variation:
    """Draws the properties of one episode.

    Args:
        level: `none` (all nominal), `train` or `eval`.
        rng: source of chance.
        cameras: names of the cameras to jitter.
        joint_count: joints to jitter at the start.

    Raises:
        ConfigError: unknown level.
    """
    if level not in LEVELS:
        raise single_fault("variation", "level", repr(level), f"one of {', '.join(LEVELS)}")
    r = LEVELS[level]
    direction = np.array(LAMP_DIRECTION) + rng.uniform(-1, 1, 3) * r.light_direction * np.array([1, 1, 0.2])
    gain = 1.0 + rng.uniform(-1, 1) * r.light_gain
    tint = 1.0 + rng.uniform(-1, 1, 3) * r.light_tint
    drawn = Variation(
        level=level,
        light_direction=direction / np.linalg.norm(direction),
        light_rgb=np.clip(LAMP_LIGHT * gain * tint, 0.0, 1.0),
        ambient_rgb=np.clip(AMBIENT_LIGHT * (1.0 + rng.uniform(-1, 1) * r.light_gain) * tint, 0.0, 1.0),
        colours={name: _shade(rng, rgb, r.colour, name) for name, rgb in BASE_COLOURS.items()},
        camera_offsets_m={name: rng.uniform(-1, 1, 3) * r.camera_position_m for name in cameras},
        camera_turns_rad={name: rng.uniform(-1, 1, 3) * r.camera_angle_rad for name in cameras},
        friction_gain=1.0 + rng.uniform(-1, 1) * r.friction_gain,
        joint_offsets_rad=rng.uniform(-1, 1, joint_count) * r.joint_rad,
    )
    # Drawn last: what older pictures do not show must not change what they show.
    floor = _shade(rng, FLOOR_COLOUR, 2.0 * r.colour, "floor")
    return replace(drawn, colours={**drawn.colours, "floor": floor})


def _shade(rng: np.random.Generator, rgb: tuple[float, float, float], spread: float, name: str) -> FloatArray:
    """A lighter or darker, slightly tinted shade; hues of named things stay what a person would call them."""
    brightness = 1.0 + rng.uniform(-1.5, 1.0) * spread
    tint_share = 0.3 if name == "table" else 0.5
    tint = rng.uniform(-1, 1, 3) * spread * tint_share
    return np.clip(np.asarray(rgb) * brightness + tint, 0.02, 1.0)
