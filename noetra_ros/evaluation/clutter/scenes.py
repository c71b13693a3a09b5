"""Ten scenes in which an arm can hit something: posts, walls, a shelf, crates, an arch, people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from noetra_ros.core.obstacles import ObstacleKind
from noetra_ros.sim.clutter import ClutterBox

# At its task the arm reaches 0.28 m out, 0.26 m up, 0.93 rad to either side: things stand 3 to 20 mm beyond.


@dataclass(frozen=True)
class ClutterScene:
    """One scene.

    Attributes:
        name: of it.
        boxes: what stands around the arm.
        kind: what perception takes the boxes for.
        person: kind of the person who comes; empty = nobody.
    """

    name: str
    boxes: tuple[ClutterBox, ...] = ()
    kind: ObstacleKind = ObstacleKind.FIXTURE
    person: str = ""

    @property
    def is_workable(self) -> bool:
        """The tasks can be done in it: nobody comes, and nothing counts as a person."""
        return not self.person and self.kind is not ObstacleKind.UNKNOWN


def _post(name: str, radius_m: float, azimuth_rad: float, height_m: float = 0.3) -> ClutterBox:
    """A square post of 4 cm, facing the base."""
    x_m, y_m = radius_m * math.cos(azimuth_rad), radius_m * math.sin(azimuth_rad)
    return ClutterBox(name, (x_m, y_m, 0.5 * height_m), (0.04, 0.04, height_m), azimuth_rad)


def _posts(radius_m: float, azimuths_rad: Sequence[float], height_m: float = 0.3) -> tuple[ClutterBox, ...]:
    return tuple(
        _post(f"post_{i}", radius_m, azimuth, height_m) for i, azimuth in enumerate(azimuths_rad, start=1)
    )


WALL_LEFT = ClutterBox("wall_left", (0.10, 0.20, 0.15), (0.40, 0.02, 0.30))
WALL_FRONT = ClutterBox("wall_front", (0.30, 0.0, 0.12), (0.02, 0.60, 0.24))
SHELF = ClutterBox("shelf", (0.25, 0.0, 0.28), (0.24, 0.60, 0.02))
CRATES = (
    ClutterBox("crate_1", (0.08, 0.24, 0.05), (0.12, 0.10, 0.10), 0.3),
    ClutterBox("crate_2", (0.08, -0.24, 0.05), (0.12, 0.10, 0.10), -0.3),
    ClutterBox("crate_3", (0.31, 0.0, 0.04), (0.06, 0.20, 0.08)),
)
ARCH = (
    *_posts(0.30, (-1.05, 1.05), 0.28),
    ClutterBox("beam", (0.149, 0.0, 0.30), (0.04, 0.56, 0.04)),
)

SCENES = (
    ClutterScene("posts ahead", _posts(0.30, (-0.6, 0.0, 0.6))),
    ClutterScene("posts beside", _posts(0.22, (-1.1, 1.1))),
    ClutterScene("wall beside", (WALL_LEFT,)),
    ClutterScene("wall ahead", (WALL_FRONT,), ObstacleKind.OBJECT),
    ClutterScene("shelf above", (SHELF,)),
    ClutterScene("crates", CRATES, ObstacleKind.OBJECT),
    ClutterScene("arch", ARCH),
    ClutterScene("unknown post", _posts(0.40, (0.3,)), ObstacleKind.UNKNOWN),
    ClutterScene("hands", (), person="reach"),
    ClutterScene("posts and people", _posts(0.22, (-1.1, 1.1)), person="random"),
)
