"""A table with three cubes, a bowl and two distractors before an arm; somebody may come."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.layout import Layout, sample_layout
from noetra_ros.sim.person_figure import PARTS
from noetra_ros.sim.scene import (
    BOWL_HEIGHT_M,
    BOWL_INNER_RADIUS_M,
    BOWL_OUTER_RADIUS_M,
    CUBE_HALF_M,
    CUBES,
    DISTRACTOR_HALF_M,
)
from noetra_ros.sim.scene_description import (
    SCENES,
    Box,
    Capsule,
    Cylinder,
    Ground,
    Lamp,
    Mount,
    Part,
    PersonPart,
    Pose,
    Resistance,
    Scene,
    Seen,
    Shape,
    Sphere,
    Surface,
    Thing,
    Triple,
    View,
    upright,
)
from noetra_ros.sim.variation import (
    AMBIENT_LIGHT,
    BASE_COLOURS,
    FLOOR_COLOUR,
    LAMP_DIRECTION,
    LAMP_LIGHT,
)
from noetra_ros.sim.workplace import FLOOR_M, TABLE_LOWER_M, TABLE_THICKNESS_M, TABLE_UPPER_M

PHYSICS_STEP_S = 0.002
CUBE_MASS_KG = 0.025
SLIDING_FRICTION = 0.5
BOWL_WALLS = 10
BOWL_FLOOR_M = 0.003
NOWHERE_M = (0.0, 0.0, -9.0)  # of somebody who is not there
SHAPES: dict[str, Shape] = {
    **dict.fromkeys(CUBES, Box((CUBE_HALF_M, CUBE_HALF_M, CUBE_HALF_M))),
    "yellow_cylinder": Cylinder(DISTRACTOR_HALF_M, DISTRACTOR_HALF_M),
    "purple_ball": Sphere(DISTRACTOR_HALF_M),
}
HALF_HEIGHTS_M = {name: CUBE_HALF_M if name in CUBES else DISTRACTOR_HALF_M for name in SHAPES}


@SCENES.register("table")
def table(seed: int | None, profile: RobotProfile | None = None) -> Scene:
    """The table, the same for every robot; a seed puts the things where an episode of it has them."""
    scene = Scene(
        name="table",
        step_s=PHYSICS_STEP_S,
        mount=Mount.FIXED,
        fixed=_table_and_room(),
        things=(*(_thing(name, shape) for name, shape in SHAPES.items()), _bowl()),
        lamp=Lamp((0.0, 0.0, 1.5), LAMP_DIRECTION, _grey(LAMP_LIGHT), _grey(AMBIENT_LIGHT)),
        holds_grips=True,
        view=View((0.2, 0.0, 0.1), extent_m=1.0, near_m=0.01, far_m=5.0),
        person=tuple(PersonPart(f"person_{p}", Capsule(0.05, 0.1), Pose(NOWHERE_M)) for p in PARTS),
    )
    return scene if seed is None else scene.placed(poses_of(sample_layout(np.random.default_rng(seed))))


def poses_of(layout: Layout) -> Mapping[str, Pose]:
    """Where a layout has the things and the bowl."""
    poses = {
        name: upright(float(x_m), float(y_m), HALF_HEIGHTS_M[name], layout.yaws_rad[name])
        for name, (x_m, y_m) in layout.positions_m.items()
    }
    x_m, y_m = layout.bowl_m.tolist()
    return {**poses, "bowl": upright(x_m, y_m, 0.0, 0.0)}


def _grey(level: float) -> Triple:
    return (level, level, level)


def _table_and_room() -> tuple[Part, ...]:
    """Physics knows a table without end; its edges and the floor are for the eye only."""
    lower, upper = np.array(TABLE_LOWER_M), np.array(TABLE_UPPER_M)
    (x, y), (half_x, half_y) = ((upper + lower) / 2).tolist(), ((upper - lower) / 2).tolist()
    colour = BASE_COLOURS["table"]
    return (
        Part("table", Ground((1.2, 1.2)), colour, surface=Surface(SLIDING_FRICTION), seen=Seen.AS_ENDLESS),
        Part(
            "table_top",
            Box((half_x, half_y, TABLE_THICKNESS_M / 2)),
            colour,
            Pose((x, y, -TABLE_THICKNESS_M / 2)),
            surface=None,
            seen=Seen.AS_ROOM,
        ),
        Part(
            "floor",
            Ground((5.0, 5.0)),
            FLOOR_COLOUR,
            Pose((0.0, 0.0, FLOOR_M)),
            surface=None,
            seen=Seen.AS_ROOM,
        ),
    )


def _thing(name: str, shape: Shape) -> Thing:
    is_ball = isinstance(shape, Sphere)
    resists = Resistance.AND_ROLLING if is_ball else Resistance.AND_TWISTING
    surface = Surface(SLIDING_FRICTION, 0.01, 0.002, resists, give_s=0.008)
    part = Part(name, shape, BASE_COLOURS[name], surface=surface, mass_kg=CUBE_MASS_KG)
    return Thing(name, (part,), Pose((0.5, 0.0, HALF_HEIGHTS_M[name])))


def _bowl() -> Thing:
    """A round bowl of boxes, fixed to the table (it does not slide); its place is set at each reset."""
    surface, colour = Surface(SLIDING_FRICTION, 0.01, 0.001), BASE_COLOURS["bowl"]
    ground = Cylinder(BOWL_OUTER_RADIUS_M, BOWL_FLOOR_M / 2)
    parts = [Part("bowl_floor", ground, colour, Pose((0.0, 0.0, BOWL_FLOOR_M / 2)), surface)]
    thickness = (BOWL_OUTER_RADIUS_M - BOWL_INNER_RADIUS_M) / 2
    middle = (BOWL_OUTER_RADIUS_M + BOWL_INNER_RADIUS_M) / 2
    half_width = float(BOWL_OUTER_RADIUS_M * np.tan(np.pi / BOWL_WALLS))
    for k in range(BOWL_WALLS):
        angle = 2 * np.pi * k / BOWL_WALLS
        x, y = float(middle * np.cos(angle)), float(middle * np.sin(angle))
        wall = Box((thickness, half_width, BOWL_HEIGHT_M / 2))
        parts.append(Part(f"bowl_wall_{k}", wall, colour, upright(x, y, BOWL_HEIGHT_M / 2, angle), surface))
    return Thing("bowl", tuple(parts), Pose((0.2, 0.2, 0.0)), is_free=False)
