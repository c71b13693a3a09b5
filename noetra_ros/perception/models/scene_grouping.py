"""From what the network says of each pixel to single things: a pixel goes to the centre it votes for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch.nn import functional

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.detector import Detection
from noetra_ros.perception.models.scene_network import FOLD, SceneAnswer
from noetra_ros.perception.patches import EIGHT_NEIGHBOURS, mask_box

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
    """

    surroundings: int
    things: tuple[str, ...]
    score_threshold: float
    centre_threshold: float
    least_area_px: int

    def detections(self, answer: SceneAnswer) -> list[Detection]:
        """Things in the first picture of a batch, most certain first; the score is the mean over pixels."""
        certainty, classes = (t.cpu().numpy() for t in answer.classes[0].softmax(dim=0).max(dim=0))
        votes = answer.votes[0].cpu().numpy().astype(np.float64)
        centres = self._centres(answer)
        found = []
        for number in np.unique(classes[classes >= self.surroundings]):
            rows, columns = np.nonzero(classes == number)
            groups = _nearest(rows, columns, votes, centres[number - self.surroundings])
            for group in np.unique(groups):
                mask = np.zeros(classes.shape, dtype=bool)
                mask[rows[groups == group], columns[groups == group]] = True
                found.append((self.things[number - self.surroundings], _tidied(mask)))
        scored = [(label, float(certainty[mask].mean()), mask) for label, mask in found]
        kept = [
            Detection(label, score, mask_box(mask), mask)
            for label, score, mask in scored
            if score >= self.score_threshold and mask.sum() >= self.least_area_px
        ]
        return sorted(kept, key=lambda detection: -detection.score)

    def _centres(self, answer: SceneAnswer) -> list[FloatArray]:
        """(n, 2) column and row, px, of the peaks of each thing."""
        heat = answer.centres[:1].sigmoid()
        is_peak = (heat == functional.max_pool2d(heat, 5, stride=1, padding=2)) & (
            heat > self.centre_threshold
        )
        things, rows, columns = torch.nonzero(is_peak[0]).cpu().numpy().T
        places = _cell_centres(rows, columns)
        return [places[things == number] for number in range(heat.shape[1])]


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


def _tidied(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask without stray patches; a thing that something nearer cuts in two keeps both parts."""
    numbered, count = ndimage.label(mask, structure=EIGHT_NEIGHBOURS)
    if count < 2:
        return mask
    areas = np.bincount(numbered.ravel())
    areas[0] = 0
    return np.asarray((areas >= SMALLEST_PART * areas.max())[numbered])
