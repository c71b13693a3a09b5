"""What each pixel of a rendered picture shows: labels for training and judging recognition."""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from noetra_ros.sim.person_figure import PART_REGIONS
from noetra_ros.sim.scene import CUBES, DISTRACTORS

HAND_REGIONS = ("hand", "forearm")
HAND_INSTANCES = ("left_hand", "right_hand")
# Instance -> label; pixels of nothing are "background".
INSTANCE_LABELS: dict[str, str] = {
    "background": "background",
    "floor": "floor",
    "table": "table",
    "robot": "robot",
    "bowl": "bowl",
    **{name: name for name in (*CUBES, *DISTRACTORS)},
    "person": "person",
    "left_hand": "hand",
    "right_hand": "hand",
}
INSTANCES = tuple(INSTANCE_LABELS)


@dataclass(frozen=True)
class Labels:
    """The label picture of one camera.

    Attributes:
        ids: (height, width) int32 index into `instances`; only what is not hidden by something nearer.
        instances: (n) single things, e.g. `red_cube`, `left_hand`.
        labels: (n) what each of them is, e.g. `red_cube`, `hand`.
    """

    ids: NDArray[np.int32]
    instances: tuple[str, ...] = INSTANCES
    labels: tuple[str, ...] = tuple(INSTANCE_LABELS.values())

    def mask(self, label: str) -> NDArray[np.bool_]:
        """(height, width) pixels of all instances of a label.

        Raises:
            ValueError: no such label; lists the known ones.
        """
        if label not in self.labels:
            known = ", ".join(dict.fromkeys(self.labels))
            raise ValueError(f"label {label!r}: expected one of {known}")
        return np.isin(self.ids, [k for k, known in enumerate(self.labels) if known == label])


def with_hanging_hands(ids: NDArray[np.int32], reaching: tuple[str, ...]) -> NDArray[np.int32]:
    """Label ids in which only hands that reach out count on their own; from above, others cannot be told.

    Args:
        ids: (height, width) index into `INSTANCES`.
        reaching: instances that stay.
    """
    hanging = [INSTANCES.index(name) for name in HAND_INSTANCES if name not in reaching]
    return np.where(np.isin(ids, hanging), np.int32(INSTANCES.index("person")), ids)


def instance_of_geoms(model: mujoco.MjModel) -> NDArray[np.int32]:
    """(geoms + 1,) index into `INSTANCES` by geom; the last entry is for -1, which is nothing."""
    names = [_instance(model.geom(k).name, model.body(model.geom_bodyid[k]).name) for k in range(model.ngeom)]
    return np.array([INSTANCES.index(name) for name in (*names, "background")], np.int32)


def _instance(geom: str, body: str) -> str:
    if body.startswith("person_"):
        part = body.removeprefix("person_")
        side = part.partition("_")[0]
        return f"{side}_hand" if PART_REGIONS[part] in HAND_REGIONS else "person"
    if geom in ("table", "table_top", "floor"):
        return geom.removesuffix("_top")
    return body if body in INSTANCES else "robot"
