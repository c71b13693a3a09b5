"""Pictures of an episode, drawn after it from its physics trace: nothing of it runs while the robot moves."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from noetra_ros.core.types import ImageArray
from noetra_ros.evaluation.report.page import Picture
from noetra_ros.evaluation.trace import PhysicsTrace
from noetra_ros.robots.profile import Camera, RobotProfile
from noetra_ros.sim.world import World, make_world

SIZE_PX = (640, 480)  # drawn at twice this and scaled down: smooth edges

SPECTATOR = Camera(
    topic="spectator/image_raw",
    frame="spectator_optical_frame",
    width_px=1280,
    height_px=960,
    rate_hz=10.0,
    fovy_rad=0.62,
    position_m=(0.66, -0.50, 0.44),
    look_at_m=(0.15, 0.0, 0.06),
)
# Farther off, for what happens around the robot.
ONLOOKER = dataclasses.replace(
    SPECTATOR,
    topic="onlooker/image_raw",
    frame="onlooker_optical_frame",
    sees_room=True,
    fovy_rad=0.66,
    position_m=(0.10, -2.10, 1.35),
    look_at_m=(0.45, 0.0, 0.25),
)
CAMERAS = {"spectator": SPECTATOR, "onlooker": ONLOOKER}


class Spectator:
    """Cameras beside the robot that look at recorded episodes. Use it from one thread.

    Args:
        profile: the robot; its own cameras stay out of it.
    """

    def __init__(self, profile: RobotProfile) -> None:
        watched = dataclasses.replace(profile, cameras={**profile.cameras, **CAMERAS})
        self._world: World = make_world(watched)

    def begin(self, seed: int, variation: str, person: str = "") -> None:
        """Dress the world as the episode was: colours, light, places, and who came."""
        self._world.reset(seed, variation, person)

    def look(self, trace: PhysicsTrace, time_s: float, camera: str = "spectator") -> ImageArray:
        """(960, 1280, 3) uint8: the scene at one instant of the trace, by one of `CAMERAS`.

        Raises:
            RenderingError: OpenGL does not work here.
        """
        step = int(np.argmin(np.abs(trace.time_s - time_s)))
        objects = trace.object_poses[int(np.argmin(np.abs(trace.object_time_s - time_s)))]
        episode_s = float(trace.time_s[step] - trace.time_s[0]) + trace.step_s
        self._world.show(trace.positions[step], objects, episode_s)
        return self._world.render(camera).rgb

    def strip(
        self, trace: PhysicsTrace, times_s: Sequence[float], origin_s: float, camera: str = "spectator"
    ) -> list[Picture]:
        """Pictures of some instants, captioned by the seconds since `origin_s`."""
        return [
            Picture(as_png(self.look(trace, t, camera)), f"{t - origin_s:.1f} s".replace("-", "−"))
            for t in times_s
        ]

    def close(self) -> None:
        """Give the GL memory back."""
        self._world.close()


def as_png(rgb: ImageArray) -> bytes:
    """The picture as a PNG file of `SIZE_PX`, 256 colours: a third of the bytes, and nobody sees it."""
    buffer = io.BytesIO()
    small = Image.fromarray(rgb).resize(SIZE_PX, Image.Resampling.LANCZOS)
    image = small.quantize(256, dither=Image.Dither.FLOYDSTEINBERG)
    image.save(buffer, format="png", optimize=True)
    return buffer.getvalue()


def spread_times(start_s: float, end_s: float, number: int) -> list[float]:
    """`number` instants from start to end, both included."""
    return [float(t) for t in np.linspace(start_s, end_s, number)]
