"""How well a detector does: average precision, recall of people, error of places; numpy alone.

Average precision is the area under the precision envelope over recall, all points (as PASCAL VOC since 2010
and COCO do, without COCO's 101-point sampling). Things too small to be asked for are ignored: finding one is
neither right nor wrong, missing one neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray

IGNORED_OVERLAP = 0.1  # of a finding with an ignored thing: from here on it is neither right nor wrong


@dataclass(frozen=True)
class Found:
    """One finding in one picture.

    Attributes:
        label: class.
        score: confidence.
        box_px: (4,) left, top, right, bottom.
    """

    label: str
    score: float
    box_px: FloatArray


@dataclass(frozen=True)
class Wanted:
    """One thing that is in a picture.

    Attributes:
        label: class.
        box_px: (4,) left, top, right, bottom around what is seen of it.
        is_ignored: too little of it is seen.
    """

    label: str
    box_px: FloatArray
    is_ignored: bool = False


@dataclass(frozen=True)
class Judged:
    """One picture: what was found and what is there."""

    found: tuple[Found, ...]
    wanted: tuple[Wanted, ...]


def overlaps(first: FloatArray, second: FloatArray) -> FloatArray:
    """(n, m) intersection over union of (n, 4) and (m, 4) boxes; 0 where both are empty."""
    a, b = np.reshape(first, (-1, 1, 4)), np.reshape(second, (1, -1, 4))
    sides = np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0.0, None)
    shared = sides.prod(axis=-1)
    total = _area(a) + _area(b) - shared
    return np.asarray(np.divide(shared, total, out=np.zeros_like(shared), where=total > 0))


def average_precision(pictures: Sequence[Judged], label: str, least_overlap: float = 0.5) -> float:
    """Average precision of one class; NaN where no picture holds it.

    Args:
        pictures: all of them.
        label: class.
        least_overlap: intersection over union from which on a finding is right.
    """
    count = sum(w.label == label and not w.is_ignored for p in pictures for w in p.wanted)
    scored = [pair for picture in pictures for pair in _matches(picture, label, least_overlap)]
    if count == 0:
        return float("nan")
    if not scored:
        return 0.0
    scores, is_right = np.array(scored).T
    hits = np.cumsum(is_right[np.argsort(-scores, kind="stable")])
    precision = hits / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(np.concatenate([[0.0], hits / count]))
    return float((steps * envelope).sum())


def mean_average_precision(
    pictures: Sequence[Judged], labels: Sequence[str], least_overlap: float = 0.5
) -> tuple[float, dict[str, float]]:
    """Mean over the classes that are there, and each class by itself (NaN = in no picture)."""
    by_label = {label: average_precision(pictures, label, least_overlap) for label in labels}
    known = [value for value in by_label.values() if not np.isnan(value)]
    return (float(np.mean(known)) if known else float("nan")), by_label


def recall(
    pictures: Sequence[Judged], labels: Sequence[str], threshold: float, least_overlap: float = 0.5
) -> tuple[int, int]:
    """How many things of some classes were found, of how many; which of the classes it was called is one.

    Args:
        pictures: all of them.
        labels: classes that count as one, e.g. person and hand.
        threshold: less certain findings do not count.
        least_overlap: intersection over union from which on a thing is found.
    """
    hits = total = 0
    for picture in pictures:
        wanted = [w.box_px for w in picture.wanted if w.label in labels and not w.is_ignored]
        found = [f.box_px for f in picture.found if f.label in labels and f.score >= threshold]
        total += len(wanted)
        if wanted and found:
            hits += int((overlaps(np.array(wanted), np.array(found)).max(axis=1) >= least_overlap).sum())
    return hits, total


def _matches(picture: Judged, label: str, least_overlap: float) -> list[tuple[float, bool]]:
    """Score and rightness of each finding of a class; those on ignored things are left out."""
    found = sorted((f for f in picture.found if f.label == label), key=lambda f: -f.score)
    wanted = [w for w in picture.wanted if w.label == label and not w.is_ignored]
    ignored = [w.box_px for w in picture.wanted if w.label == label and w.is_ignored]
    shared = overlaps(_boxes([f.box_px for f in found]), _boxes([w.box_px for w in wanted]))
    beside = overlaps(_boxes([f.box_px for f in found]), _boxes(ignored)).max(axis=1, initial=0.0)
    is_taken = np.zeros(len(wanted), dtype=bool)
    result = []
    for row, finding in enumerate(found):
        free = np.where(is_taken, -1.0, shared[row])
        best = int(free.argmax()) if len(free) else -1
        if best >= 0 and free[best] >= least_overlap:
            is_taken[best] = True
            result.append((finding.score, True))
        elif beside[row] < IGNORED_OVERLAP:
            result.append((finding.score, False))
    return result


def _boxes(boxes: Sequence[FloatArray]) -> FloatArray:
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def _area(boxes: FloatArray) -> NDArray[np.float64]:
    return np.asarray((boxes[..., 2:] - boxes[..., :2]).prod(axis=-1))
