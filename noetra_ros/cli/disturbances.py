"""Ways to make a trained policy fail: what it sees or is told is not what it was trained on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from noetra_ros.core.types import CameraFrame, Observation
from noetra_ros.sim.scene import cube_name
from noetra_ros.sim.world import World

CAMERA = "front"
CAMERA_TURN_RAD = (0.2, 0.4)  # ten times what training varies
CAMERA_SHIFT_M_PER_RAD = 0.5
UNSEEN_RGB = (
    (0.10, 0.75, 0.75),
    (0.95, 0.50, 0.05),
    (0.95, 0.50, 0.70),
    (0.95, 0.95, 0.95),
    (0.04, 0.04, 0.04),
    (0.40, 0.22, 0.08),
)
WRONG_SENTENCES = (
    "fold the towel",
    "pick up the banana",
    "open the drawer",
    "put the phone on the charger",
    "what time is it",
    "clean the window",
    "bring me a glass of water",
    "turn off the light",
)
Rng = np.random.Generator


def _nothing(world: World, colour: str, rng: Rng) -> None:
    """The world stays as it is."""


def _as_told(sentence: str, rng: Rng) -> str:
    return sentence


def _as_seen(observation: Observation) -> Observation:
    return observation


@dataclass(frozen=True)
class Disturbance:
    """What is wrong in an episode.

    Attributes:
        prepare: changes the world after its reset; gets the colour of the cube that is meant.
        say: changes the sentence.
        see: changes what the policy sees.
    """

    prepare: Callable[[World, str, Rng], None] = _nothing
    say: Callable[[str, Rng], str] = _as_told
    see: Callable[[Observation], Observation] = _as_seen


def undo(world: World) -> None:
    """Put the cameras back; the next reset undoes the rest."""
    world.displace_camera(CAMERA, np.zeros(3), np.zeros(3))


def _move_camera(world: World, colour: str, rng: Rng) -> None:
    shift, turn = (axis / np.linalg.norm(axis) for axis in rng.normal(size=(2, 3)))
    turn_rad = rng.uniform(*CAMERA_TURN_RAD)
    world.displace_camera(CAMERA, shift * CAMERA_SHIFT_M_PER_RAD * turn_rad, turn * turn_rad)


def _paint_object(world: World, colour: str, rng: Rng) -> None:
    model, _ = world.model_and_data()
    geom = model.body(cube_name(colour)).geomadr[0]
    model.geom_rgba[geom, :3] = UNSEEN_RGB[rng.integers(len(UNSEEN_RGB))]


def _swap_colours(observation: Observation) -> Observation:
    """Blue for red, as a driver that gives BGR does."""
    frames = {
        name: CameraFrame(frame.stamp_ns, name, np.ascontiguousarray(frame.rgb[..., ::-1]))
        for name, frame in observation.frames.items()
    }
    return replace(observation, frames=frames)


DISTURBANCES: dict[str, Disturbance] = {
    "camera": Disturbance(prepare=_move_camera),
    "colours": Disturbance(see=_swap_colours),
    "object": Disturbance(prepare=_paint_object),
    "sentence": Disturbance(say=lambda sentence, rng: str(rng.choice(WRONG_SENTENCES))),
}
