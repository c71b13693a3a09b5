"""Barrier: things that perception sees and that the robot is not there to touch; links stay out of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import coal
import numpy as np

from noetra_ros.core.obstacles import Obstacle, ObstacleKind, ObstacleScene, Shape
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.link_hulls import Gap, LinkHulls
from noetra_ros.safety.distance import rotation
from noetra_ros.safety.projection.barrier import Body, barrier_registry

KINDS = (ObstacleKind.OBJECT, ObstacleKind.FIXTURE)  # people, and what may be one: check separation
FAR_M = 0.3  # from there on the gap of two balls around link and thing is near enough to the truth
LEAST_EDGE_M = 1e-4  # a patch that was seen from one side has no thickness


@dataclass(frozen=True)
class _Solid:
    """A thing as coal has it, and the ball that holds it."""

    name: str
    shape: coal.CollisionGeometry
    place: coal.Transform3s
    middle_m: FloatArray
    radius_m: float


class SeenThings:
    """Room between hulls of moving links and what stands around them, less a margin. Its rows change with
    each scene.

    Cannot watch: what perception does not see; people (check separation); a thing that comes faster than the
    robot stops; the load in the gripper against things.

    Args:
        hulls: of the robot.
        margin_m: kept free; error of perception and of the joints.
        touch_labels: labels of what the robot may touch.
    """

    unit = "m"
    left_out = ()

    def __init__(self, hulls: LinkHulls, margin_m: float, touch_labels: Collection[str]) -> None:
        self._hulls, self._margin_m = hulls, margin_m
        self._touch_labels = frozenset(touch_labels)
        self._moving = np.flatnonzero(hulls.supports.any(axis=1))
        self._scene: ObstacleScene | None = None
        self._solids: list[_Solid] = []
        self.names: tuple[str, ...] = ()
        self.reach = np.zeros((0, hulls.reach.shape[1]))
        self._gaps: dict[int, Gap] = {}

    def see(self, scene: ObstacleScene | None) -> bool:
        """Take what perception sees now; true where the rows are others than before.

        Raises:
            ValueError: an orientation without length.
        """
        if scene is self._scene:
            return False
        self._scene = scene
        seen = scene.obstacles if scene is not None else ()
        self._solids = [_solid(thing) for thing in seen if self._is_avoided(thing)]
        links = [self._hulls.links[hull] for hull in self._moving]
        self.names = tuple(f"{link} and {solid.name}" for solid in self._solids for link in links)
        self.reach = np.tile(self._hulls.reach[self._moving], (len(self._solids), 1))
        self._middles_m = np.array([solid.middle_m for solid in self._solids])
        self._radii_m = np.array([solid.radius_m for solid in self._solids])
        return True

    def room(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(k,) m; farther than `FAR_M` a bound that is not above it."""
        self._hulls.place(positions)
        which, solids = np.divmod(np.asarray(rows, dtype=int), len(self._moving))[::-1]
        balls_m, radii_m = self._hulls.balls()
        hulls = self._moving[which]
        offsets_m = self._middles_m[solids] - balls_m[hulls]
        apart_m = np.sqrt((offsets_m**2).sum(axis=1))
        bounds_m = apart_m - radii_m[hulls] - self._radii_m[solids]
        self._gaps = {}
        for row, hull, solid, bound_m, offset_m, far_m in zip(
            rows, hulls.tolist(), solids.tolist(), bounds_m.tolist(), offsets_m, apart_m.tolist(), strict=True
        ):
            if bound_m > FAR_M:
                ends_m = np.array([balls_m[hull], self._middles_m[solid]])
                self._gaps[row] = Gap(bound_m, ends_m, offset_m / far_m)
            else:
                thing = self._solids[solid]
                self._gaps[row] = self._hulls.gap_to(hull, thing.shape, thing.place)
        return np.array([gap.room_m for gap in self._gaps.values()]) - self._margin_m

    def gradient(self, rows: Sequence[int]) -> FloatArray:
        """(k, j) m per rad."""
        count = len(self._moving)
        gaps = [(int(self._moving[row % count]), self._gaps[row]) for row in rows]
        return np.array([-self._hulls.speed_row(hull, gap.points_m[0], gap.towards) for hull, gap in gaps])

    def _is_avoided(self, thing: Obstacle) -> bool:
        """Not where everything in it is known, and may be touched."""
        may_be_touched = bool(thing.labels) and self._touch_labels.issuperset(thing.labels)
        return thing.kind in KINDS and not may_be_touched


def _solid(thing: Obstacle) -> _Solid:
    size_m = np.maximum(thing.size_m, LEAST_EDGE_M).tolist()
    if thing.shape is Shape.SPHERE:
        shape, radius_m = coal.Sphere(size_m[0]), size_m[0]
    elif thing.shape is Shape.CAPSULE:
        shape, radius_m = coal.Capsule(*size_m[:2]), size_m[0] + 0.5 * size_m[1]
    else:
        shape, radius_m = coal.Box(*size_m), 0.5 * float(np.linalg.norm(size_m))
    name = "+".join(thing.labels) or thing.kind.name.lower()
    place = coal.Transform3s(rotation(thing.quat_xyzw), thing.position_m)
    return _Solid(f"{name} {thing.track_id}", shape, place, thing.position_m, radius_m)


@barrier_registry.register("obstacles")
def make(body: Body) -> SeenThings | None:
    """None where no perception tells what is there (watch_people is off), and for a robot without shapes."""
    settings = body.settings
    if not settings.watch_people or body.profile.urdf_path is None:
        return None
    return SeenThings(body.hulls, settings.obstacle_margin_m, settings.touch_labels)
