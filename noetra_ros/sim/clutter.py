"""Boxes that stand fast around the arm, for evaluation: shelves, walls, posts; and who touched them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.arm_model import ARM_BIT, THING_BIT


@dataclass(frozen=True)
class ClutterBox:
    """An upright box that does not move.

    Attributes:
        name: of it, unique in its scene.
        middle_m: (3,) centre, base frame.
        edges_m: (3,) lengths along its own axes.
        yaw_rad: turn about the vertical.
    """

    name: str
    middle_m: tuple[float, float, float]
    edges_m: tuple[float, float, float]
    yaw_rad: float = 0.0

    @property
    def quat_xyzw(self) -> FloatArray:
        """(4,) orientation."""
        return np.array([0.0, 0.0, np.sin(0.5 * self.yaw_rad), np.cos(0.5 * self.yaw_rad)])


def add_clutter(spec: mujoco.MjSpec, boxes: Sequence[ClutterBox]) -> None:
    """Adds the boxes to a model with an arm; the arm meets them as it meets the table."""
    for box in boxes:
        x, y, z, w = box.quat_xyzw.tolist()
        spec.worldbody.add_geom(
            name=box.name,
            type=mujoco.mjtGeom.mjGEOM_BOX,
            pos=list(box.middle_m),
            quat=[w, x, y, z],
            size=[0.5 * edge for edge in box.edges_m],
            contype=THING_BIT,
            conaffinity=THING_BIT | ARM_BIT,
            rgba=[0.55, 0.45, 0.35, 1.0],
        )


class ClutterWatch:
    """Counts the physics steps in which a moving link touches a box. Use it from the world's thread.

    Args:
        model: compiled model with the boxes.
        data: its state.
        boxes: names.
        arm_geoms: collision shapes of the moving links.
    """

    def __init__(
        self, model: mujoco.MjModel, data: mujoco.MjData, boxes: Sequence[str], arm_geoms: Sequence[int]
    ) -> None:
        self._model, self._data = model, data
        self._is_box, self._is_arm = np.zeros(model.ngeom, bool), np.zeros(model.ngeom, bool)
        self._is_box[[model.geom(name).id for name in boxes]] = True
        self._is_arm[np.asarray(arm_geoms)] = True
        self.reset()

    def reset(self) -> None:
        """Forget the episode before."""
        self.steps = 0
        self.first = ""

    def take_step(self) -> None:
        """Look at the contacts of the last physics step."""
        pairs = self._data.contact.geom[: self._data.ncon]
        is_hit = self._is_box[pairs].any(axis=1) & self._is_arm[pairs].any(axis=1)
        if not is_hit.any():
            return
        self.steps += 1
        if not self.first:
            arm, box = sorted(pairs[is_hit][0].tolist(), key=lambda geom: bool(self._is_box[geom]))
            self.first = (
                f"{self._model.body(int(self._model.geom_bodyid[arm])).name} and {self._model.geom(box).name}"
            )
