"""What the network should say of a picture, from the picture of its labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.detector import PROTECTED_LABELS
from noetra_ros.perception.models.scene_network import FOLD

SURROUNDINGS = ("background", "robot")
NO_THINGS = ("background", "floor", "table", "robot")


@dataclass(frozen=True)
class Targets:
    """Of one picture of H x W pixels; h, w = H, W divided by FOLD, rounded up.

    Attributes:
        classes: (H, W) int64 class number.
        weights: (H, W) float32 weight of each pixel.
        centres: (things, h, w) float32, 1 at a centre, less around it.
        votes: (2, h, w) float32 px, columns and rows to the centre.
        vote_weights: (h, w) float32; 0 where no thing is.
    """

    classes: NDArray[np.int64]
    weights: NDArray[np.float32]
    centres: NDArray[np.float32]
    votes: NDArray[np.float32]
    vote_weights: NDArray[np.float32]


@dataclass(frozen=True)
class Weighing:
    """How much the pixels of a thing weigh.

    Attributes:
        small_area_px: those of smaller things weigh more, with the root of the area.
        most: highest weight of that.
        people: factor for people and hands.
    """

    small_area_px: float
    most: float
    people: float


@dataclass(frozen=True)
class LabelTable:
    """Turns numbers of instances into classes.

    Attributes:
        things: labels of things, in the network's order.
        class_of: (instances,) class number.
    """

    things: tuple[str, ...]
    class_of: NDArray[np.int64]

    @staticmethod
    def of(labels: tuple[str, ...]) -> LabelTable:
        """From the label of each instance."""
        things = tuple(dict.fromkeys(label for label in labels if label not in NO_THINGS))
        classes = (*SURROUNDINGS, *things)
        return LabelTable(things, np.array([classes.index(n) if n in classes else 0 for n in labels]))

    def targets(self, ids: NDArray[np.uint8], weighing: Weighing) -> Targets:
        """What the network should say of a picture whose pixels show these instances, (H, W)."""
        height, width = -(-ids.shape[0] // FOLD), -(-ids.shape[1] // FOLD)
        result = Targets(
            self.class_of[ids],
            np.ones(ids.shape, np.float32),
            np.zeros((len(self.things), height, width), np.float32),
            np.zeros((2, height, width), np.float32),
            np.zeros((height, width), np.float32),
        )
        for instance in np.unique(ids):
            thing = int(self.class_of[instance]) - len(SURROUNDINGS)
            if thing >= 0:
                factor = weighing.people if self.things[thing] in PROTECTED_LABELS else 1.0
                _add(result, ids == instance, thing, weighing, factor)
        return result

    def shows_people(self, ids: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """(N,) whether pictures (N, H, W) show people or hands."""
        numbers = [self.things.index(n) + len(SURROUNDINGS) for n in self.things if n in PROTECTED_LABELS]
        is_protected = np.isin(self.class_of, numbers)
        return np.array([bool(is_protected[np.unique(one)].any()) for one in ids], dtype=bool)


def _add(result: Targets, mask: NDArray[np.bool_], thing: int, weighing: Weighing, factor: float) -> None:
    rows, columns = np.nonzero(mask)
    area = len(rows)
    weight = factor * float(np.clip(np.sqrt(weighing.small_area_px / area), 1.0, weighing.most))
    result.weights[mask] = weight
    centre = np.array([columns.mean(), rows.mean()])
    cells = rows // FOLD, columns // FOLD
    from_cell = centre[:, None] - (FOLD * np.stack([cells[1], cells[0]]) + (FOLD - 1) / 2)
    result.votes[:, cells[0], cells[1]] = from_cell
    result.vote_weights[cells] = weight
    peak = _peak(result.centres.shape[1:], centre, area)
    np.maximum(result.centres[thing], peak, out=result.centres[thing])


def _peak(shape: tuple[int, ...], centre_px: FloatArray, area_px: int) -> NDArray[np.float32]:
    """(h, w) a bell around the centre's cell, exactly 1 there, the wider the larger the thing."""
    spread = float(np.clip(np.sqrt(area_px) / FOLD / 4, 0.6, 3.0))
    column, row = np.minimum((centre_px / FOLD).astype(int), (shape[1] - 1, shape[0] - 1))
    down, right = np.arange(shape[0]) - row, np.arange(shape[1]) - column
    squared = down[:, None] ** 2 + right[None, :] ** 2
    return np.asarray(np.exp(-squared / (2 * spread**2)), dtype=np.float32)
