"""Judges a detector on rendered scenes that training never saw: what is there comes from the renderer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.obstacles import DetectedObject
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.detection_scores import (
    Found,
    Judged,
    Wanted,
    mean_average_precision,
    overlaps,
    recall,
)
from noetra_ros.evaluation.rendered_scenes import View
from noetra_ros.perception.detector import PROTECTED_LABELS, Detection
from noetra_ros.perception.frames import DepthFrame, Pinhole
from noetra_ros.perception.lifting import Lifter
from noetra_ros.perception.patches import mask_box
from noetra_ros.sim.labels import Labels
from noetra_ros.sim.scene import (
    BOWL_HEIGHT_M,
    BOWL_OUTER_RADIUS_M,
    CUBE_HALF_M,
    DISTRACTOR_HALF_M,
    SceneTruth,
)

ALL = "all"
LEAST_SEEN_PX = 12  # with fewer pixels in sight a thing is not asked for
LEAST_OVERLAP = 0.5
LEAST_COVER = 0.5
STANDING_M = 0.002  # a thing whose centre is this near its height above the table stands on it

Value = TypeVar("Value")


@dataclass
class SceneTally:
    """What has been seen so far, by camera.

    Attributes:
        pictures: each picture's findings and truth.
        place_errors_m: distances of lifted centres from true ones, things on the table.
        covers: share of each person's and hand's pixels that was called person or hand.
    """

    pictures: dict[str, list[Judged]] = field(default_factory=dict)
    place_errors_m: dict[str, list[float]] = field(default_factory=dict)
    covers: dict[str, list[float]] = field(default_factory=dict)

    def add(self, view: View, detections: Sequence[Detection], things: Sequence[str], lifter: Lifter) -> None:
        """Count one picture.

        Args:
            view: picture and truth.
            detections: what was found in it.
            things: labels that the detector knows.
            lifter: puts findings into the base frame.
        """
        wanted = wanted_things(view, things)
        found = tuple(Found(d.label, d.score, d.box_px) for d in detections)
        self.pictures.setdefault(view.camera, []).append(Judged(found, wanted))
        lifted = lifter.lift_all(detections, view.camera, depth_frame(view))
        errors = self.place_errors_m.setdefault(view.camera, [])
        errors.extend(place_errors(lifted, wanted, places_on_table(view.truth)))
        self.covers.setdefault(view.camera, []).extend(people_covers(view.labels, detections))

    def scores(self, things: Sequence[str], threshold: float) -> dict[str, CameraScore]:
        """How well it does with all cameras together, under `ALL`, and with each."""
        return {
            name: score(
                _of(self.pictures, name),
                _of(self.place_errors_m, name),
                _of(self.covers, name),
                things,
                threshold,
            )
            for name in (ALL, *self.pictures)
        }


@dataclass(frozen=True)
class CameraScore:
    """How well a detector does with one camera, or with all.

    Attributes:
        pictures: how many.
        map50: mean average precision at an overlap of 0.5.
        by_label: average precision of each class; NaN = in no picture.
        people_covered: people and hands of whose pixels at least half were called person or hand: what
            protects them, whatever box they were put in.
        people_found: people and hands whose own box was found at the threshold.
        people: of how many.
        people_pictures_found: pictures with people or hands in which at least one was found.
        people_pictures: of how many.
        false_people: findings of people or hands where none is, at the threshold.
        places: things on the table that were found and lifted.
        place_error_median_m: of their centres.
        place_error_p90_m: of their centres.
    """

    pictures: int
    map50: float
    by_label: dict[str, float]
    people_covered: int
    people_found: int
    people: int
    people_pictures_found: int
    people_pictures: int
    false_people: int
    places: int
    place_error_median_m: float
    place_error_p90_m: float


def wanted_things(view: View, things: Sequence[str]) -> tuple[Wanted, ...]:
    """What is in a picture, of the classes that the detector knows."""
    wanted = []
    for number in np.unique(view.labels.ids):
        label = view.labels.labels[number]
        if label in things:
            mask = view.labels.ids == number
            wanted.append(Wanted(label, mask_box(mask), bool(mask.sum() < LEAST_SEEN_PX)))
    return tuple(wanted)


def depth_frame(view: View) -> DepthFrame:
    """The view's depth, as perception takes it."""
    lens = view.intrinsics
    pinhole = Pinhole(lens.fx_px, lens.fy_px, lens.cx_px, lens.cy_px)
    return DepthFrame(0, view.camera, view.image.depth_m, pinhole, view.world_from_optical)


def places_on_table(truth: SceneTruth) -> dict[str, FloatArray]:
    """(3,) true centre of each thing that stands on the table, by label; what lies in the bowl does not."""
    bowl_m = truth.bowl_position_m
    places = {} if bowl_m[2] < 0 else {"bowl": bowl_m + np.array([0.0, 0.0, BOWL_HEIGHT_M / 2])}
    for name, thing in truth.objects.items():
        height_m = CUBE_HALF_M if name.endswith("cube") else DISTRACTOR_HALF_M
        gap_m = np.linalg.norm(thing.position_m[:2] - bowl_m[:2])
        if abs(thing.position_m[2] - height_m) < STANDING_M and gap_m > BOWL_OUTER_RADIUS_M:
            places[name] = thing.position_m
    return places


def place_errors(
    lifted: Sequence[DetectedObject], wanted: Sequence[Wanted], places: dict[str, FloatArray]
) -> list[float]:
    """Distance (m) of lifted and true centres of what stands on the table; infinite without depth."""
    errors = []
    for thing in wanted:
        same = [o for o in lifted if o.label == thing.label]
        if thing.is_ignored or thing.label not in places or not same:
            continue
        shared = overlaps(thing.box_px, np.array([o.box_px for o in same]))[0]
        if shared.max() >= LEAST_OVERLAP:
            error = float(np.linalg.norm(same[int(shared.argmax())].position_m - places[thing.label]))
            errors.append(error if np.isfinite(error) else float("inf"))
    return errors


def people_covers(labels: Labels, detections: Sequence[Detection]) -> list[float]:
    """Share of each person's and hand's pixels that was called person or hand; those asked for alone."""
    called = np.zeros(labels.ids.shape, dtype=bool)
    for detection in detections:
        if detection.is_protected:
            called |= whole_box(detection, called.shape) if detection.mask is None else detection.mask
    masks = [labels.ids == n for n in np.unique(labels.ids) if labels.labels[n] in PROTECTED_LABELS]
    return [float(called[mask].mean()) for mask in masks if mask.sum() >= LEAST_SEEN_PX]


def whole_box(detection: Detection, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(H, W) pixels in a finding's box."""
    left, top, right, bottom = np.round(detection.box_px).astype(int).clip(0)
    mask = np.zeros(shape, dtype=bool)
    mask[top:bottom, left:right] = True
    return mask


def score(
    pictures: Sequence[Judged],
    errors_m: Sequence[float],
    covers: Sequence[float],
    things: Sequence[str],
    threshold: float,
) -> CameraScore:
    """Sum up.

    Args:
        pictures: of one camera or several.
        errors_m: of their lifted things.
        covers: of their people and hands.
        things: labels that the detector knows.
        threshold: at which people are looked for.
    """
    mean, by_label = mean_average_precision(pictures, things, LEAST_OVERLAP)
    found, people = recall(pictures, PROTECTED_LABELS, threshold, LEAST_OVERLAP)
    seen, with_people, false = _by_picture(pictures, threshold)
    nan = float("nan")
    return CameraScore(
        pictures=len(pictures),
        map50=mean,
        by_label=by_label,
        people_covered=sum(cover >= LEAST_COVER for cover in covers),
        people_found=found,
        people=people,
        people_pictures_found=seen,
        people_pictures=with_people,
        false_people=false,
        places=len(errors_m),
        place_error_median_m=float(np.median(errors_m)) if len(errors_m) else nan,
        place_error_p90_m=float(np.quantile(errors_m, 0.9)) if len(errors_m) else nan,
    )


def _of(by_camera: dict[str, list[Value]], name: str) -> list[Value]:
    """What is kept for one camera, or for all."""
    return [v for row in by_camera.values() for v in row] if name == ALL else by_camera[name]


def _by_picture(pictures: Sequence[Judged], threshold: float) -> tuple[int, int, int]:
    """Pictures in which somebody was found, pictures with somebody, findings of people where nobody is."""
    seen = with_people = false = 0
    for picture in pictures:
        there = [w for w in picture.wanted if w.label in PROTECTED_LABELS]
        found = [f for f in picture.found if f.label in PROTECTED_LABELS and f.score >= threshold]
        if any(not w.is_ignored for w in there):
            with_people += 1
            seen += bool(found)
        for finding in found:
            shared = overlaps(finding.box_px, np.array([w.box_px for w in there]).reshape(-1, 4))
            false += not (shared > 0).any()
    return seen, with_people, false


def as_numbers(scores: dict[str, CameraScore]) -> dict[str, dict[str, object]]:
    """Plain values for a JSON file; NaN, which JSON lacks, becomes null."""
    plain = {camera: asdict(value) for camera, value in scores.items()}
    return {camera: {k: _finite(v) for k, v in values.items()} for camera, values in plain.items()}


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return None if isinstance(value, float) and not np.isfinite(value) else value
