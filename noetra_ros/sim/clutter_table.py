"""The table with boxes around the arm; built by the evaluation `clutter`, not by a profile."""

from __future__ import annotations

from collections.abc import Sequence

import mujoco
import numpy as np

from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.arm_model import ARM_BIT
from noetra_ros.sim.clutter import ClutterBox, ClutterWatch, add_clutter
from noetra_ros.sim.worlds.table import Table


class ClutterTable(Table):
    """Implements `World`; see `Table`.

    Args:
        profile: an arm with a hand.
        boxes: what stands around it.

    Attributes:
        clutter: who touched them.
    """

    def __init__(self, profile: RobotProfile, boxes: Sequence[ClutterBox]) -> None:
        self.boxes = tuple(boxes)
        super().__init__(profile)
        is_moving = (self._joint_of_geom >= 0) & (self._model.geom_contype == ARM_BIT)
        names = [box.name for box in boxes]
        self.clutter = ClutterWatch(self._model, self._data, names, np.flatnonzero(is_moving))
        self.on_step(self.clutter.take_step)

    def _furnish(self, spec: mujoco.MjSpec) -> None:
        add_clutter(spec, self.boxes)
