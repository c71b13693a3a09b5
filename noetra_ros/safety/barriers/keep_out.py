"""Barrier: boxes of the profile that the robot's links stay out of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import coal
import numpy as np

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.keep_out import KeepOutBox
from noetra_ros.robots.link_hulls import Gap, LinkHulls
from noetra_ros.safety.projection.barrier import Body, barrier_registry

MARGIN_M = 0.003  # sag and overshoot of the joints


class KeepOutBoxes:
    """Room between hulls of moving links and boxes that stand still in the base frame, less `MARGIN_M`.

    Args:
        hulls: of the robot.
        boxes: by name.
    """

    unit = "m"
    left_out = ()

    def __init__(self, hulls: LinkHulls, boxes: Mapping[str, KeepOutBox]) -> None:
        self._hulls = hulls
        ends_m = np.array([(box.lower_m, box.upper_m) for box in boxes.values()])
        self._solids = [coal.Box(*(upper_m - lower_m)) for lower_m, upper_m in ends_m]
        self._places = [coal.Transform3s(np.eye(3), middle_m) for middle_m in ends_m.mean(axis=1)]
        self._rows = [
            (hull, number)
            for number, box in enumerate(boxes.values())
            for hull, link in enumerate(hulls.links)
            if hulls.supports[hull].any() and link in (box.links or hulls.links)
        ]
        names = list(boxes)
        self.names = tuple(f"{hulls.links[hull]} and {names[number]}" for hull, number in self._rows)
        self.reach = hulls.reach[[hull for hull, _ in self._rows]]
        self._gaps: dict[int, Gap] = {}

    def room(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(k,) m."""
        self._hulls.place(positions)
        self._gaps = {row: self._gap(*self._rows[row]) for row in rows}
        return np.array([gap.room_m for gap in self._gaps.values()]) - MARGIN_M

    def gradient(self, rows: Sequence[int]) -> FloatArray:
        """(k, j) m per rad."""
        gaps = [(self._rows[row][0], self._gaps[row]) for row in rows]
        return np.array([-self._hulls.speed_row(hull, gap.points_m[0], gap.towards) for hull, gap in gaps])

    def _gap(self, hull: int, number: int) -> Gap:
        return self._hulls.gap_to(hull, self._solids[number], self._places[number])


@barrier_registry.register("keep_out")
def make(body: Body) -> KeepOutBoxes | None:
    """None for a profile without such boxes.

    Raises:
        ConfigError: a box without inside, or links without a shape.
    """
    boxes = body.profile.keep_out
    if not boxes:
        return None
    faults = [fault for name, box in boxes.items() for fault in _faults(name, box, body.hulls)]
    if faults:
        raise ConfigError(f"robot {body.profile.name}", faults)
    return KeepOutBoxes(body.hulls, boxes)


def _faults(name: str, box: KeepOutBox, hulls: LinkHulls) -> list[Fault]:
    known = ", ".join(dict.fromkeys(hulls.links))
    faults = [
        Fault(f"keep_out.{name}.links", repr(link), f"some of {known}")
        for link in box.links
        if link not in hulls.links
    ]
    if not all(low < high for low, high in zip(box.lower_m, box.upper_m, strict=True)):
        got = f"{box.lower_m} .. {box.upper_m}"
        faults.append(Fault(f"keep_out.{name}", got, "lower_m below upper_m on each axis"))
    return faults
