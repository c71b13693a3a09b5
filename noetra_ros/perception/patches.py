"""Connected patches of one class in a picture that is labelled pixel by pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.detector import Detection
from noetra_ros.perception.label_sets import BACKGROUND, UNUSED

EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=bool)


def patches(
    classes: NDArray[np.integer],
    certainty: NDArray[np.floating],
    names: tuple[str, ...],
    least_score: float,
    least_area_px: int,
) -> list[Detection]:
    """One detection for each patch, most certain first.

    Args:
        classes: (H, W) class number of each pixel.
        certainty: (H, W) probability of that class; its mean over the patch is the score.
        names: class names by number; the background gives no patch.
        least_score: less certain patches are dropped.
        least_area_px: smaller ones too.
    """
    found = []
    for number in np.unique(classes):
        if names[number] in (BACKGROUND, UNUSED):
            continue
        numbered, count = ndimage.label(classes == number, structure=EIGHT_NEIGHBOURS)
        for patch in range(1, count + 1):
            mask = numbered == patch
            score = float(certainty[mask].mean())
            if mask.sum() >= least_area_px and score >= least_score:
                found.append(Detection(names[number], score, mask_box(mask), mask))
    return sorted(found, key=lambda detection: -detection.score)


def mask_box(mask: NDArray[np.bool_]) -> FloatArray:
    """(4,) left, top, right, bottom around the pixels of a mask that holds at least one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], dtype=np.float64)
