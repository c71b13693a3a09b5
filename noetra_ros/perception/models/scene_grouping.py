"""From what the network says of each pixel to single things: a pixel goes to the centre it votes for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.detector import PROTECTED_LABELS, Detection
from noetra_ros.perception.models.scene_network import FOLD, SceneAnswer
from noetra_ros.perception.patches import EIGHT_NEIGHBOURS, mask_box

BACKGROUND = 0  # the first class
SMALLEST_PART = 0.15  # of the largest part of a thing: what is smaller is a stray patch


@dataclass(frozen=True)
class Grouping:
    """How pixels become things.

    Attributes:
        surroundings: how many classes, the first ones, are no things.
        things: labels of the others.
        score_threshold: less certain things are dropped.
        centre_threshold: less certain centres are no centres.
        least_area_px: smaller things are dropped.
        people_bias: added to the logits of people and hands where a pixel would show background: in doubt, a
            person; but a thing or the robot that is seen as such is not called in doubt.
    """

    surroundings: int
    things: tuple[str, ...]
    score_threshold: float
    centre_threshold: float
    least_area_px: int
    people_bias: float = 0.0

    def detections(self, answer: SceneAnswer) -> list[Detection]:
        """Things in the first picture of a batch, most certain first; the score is the mean over pixels."""
        logits = self._with_people(answer.classes[0])
        classes = logits.argmax(dim=0)
        places = (classes >= self.surroundings).nonzero(as_tuple=True)
        certainty = logits[:, places[0], places[1]].softmax(dim=0).amax(dim=0).cpu().numpy()
        numbers = classes[places].cpu().numpy() - self.surroundings
        rows, columns = (axis.cpu().numpy() for axis in places)
        votes = answer.votes[0].cpu().numpy().astype(np.float64)
        centres = self._centres(answer.centres[0].sigmoid().cpu().numpy())
        found = []
        for thing in np.unique(numbers):
            of_thing = np.flatnonzero(numbers == thing)
            groups = _nearest(rows[of_thing], columns[of_thing], votes, centres[thing])
            for group in np.unique(groups):
                kept = of_thing[groups == group]
                kept = kept[_is_no_stray(rows[kept], columns[kept])]
                score = float(certainty[kept].mean())
                if score >= self.score_threshold and len(kept) >= self.least_area_px:
                    mask = np.zeros(classes.shape, dtype=bool)
                    mask[rows[kept], columns[kept]] = True
                    found.append(Detection(self.things[thing], score, mask_box(mask), mask))
        return sorted(found, key=lambda detection: -detection.score)

    def _with_people(self, logits: Tensor) -> Tensor:
        """(classes, H, W) with those of people raised on the background."""
        people = [self.people_bias * (label in PROTECTED_LABELS) for label in self.things]
        bias = logits.new_tensor([0.0] * self.surroundings + people).view(-1, 1, 1)
        return logits + bias * (logits.argmax(dim=0) == BACKGROUND)

    def _centres(self, heat: NDArray[np.float32]) -> list[FloatArray]:
        """(n, 2) column and row, px, of the peaks of each thing: highest among 5 x 5 cells."""
        peaks: list[list[tuple[int, int]]] = [[] for _ in self.things]
        for thing, row, column in np.argwhere(heat > self.centre_threshold):
            near = heat[thing, max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3]
            if heat[thing, row, column] >= near.max():
                peaks[thing].append((row, column))
        return [_cell_centres(*np.array(places, dtype=int).reshape(-1, 2).T) for places in peaks]


def _cell_centres(rows: NDArray[np.integer], columns: NDArray[np.integer]) -> FloatArray:
    """(n, 2) column and row, px, of cells of the folded maps."""
    return FOLD * np.stack([columns, rows], axis=-1).astype(np.float64) + (FOLD - 1) / 2


def _nearest(
    rows: NDArray[np.integer], columns: NDArray[np.integer], votes: FloatArray, centres: FloatArray
) -> NDArray[np.integer]:
    """(n,) number of the centre that each pixel votes for; all 0 where no centre is known."""
    if len(centres) < 2:
        return np.zeros(len(rows), dtype=int)
    cells = rows // FOLD, columns // FOLD
    voted = _cell_centres(*cells) + votes[:, cells[0], cells[1]].T
    distances = np.linalg.norm(voted[:, None] - centres[None], axis=-1)
    return np.asarray(distances.argmin(axis=1))


def _is_no_stray(rows: NDArray[np.integer], columns: NDArray[np.integer]) -> NDArray[np.bool_]:
    """(n,) pixels of a thing but for stray patches; what something nearer cuts in two keeps both parts."""
    top, left = rows.min(), columns.min()
    mask = np.zeros((rows.max() - top + 1, columns.max() - left + 1), dtype=bool)
    mask[rows - top, columns - left] = True
    numbered, count = ndimage.label(mask, structure=EIGHT_NEIGHBOURS)
    if count < 2:
        return np.ones(len(rows), dtype=bool)
    areas = np.bincount(numbered.ravel())
    areas[0] = 0
    return np.asarray((areas >= SMALLEST_PART * areas.max())[numbered[rows - top, columns - left]])
