"""What a cluster is: explained by recognised things or configured fixtures, a person, or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.obstacles import DetectedObject, ObstacleKind
from noetra_ros.core.types import FloatArray
from noetra_ros.perception.frames import BoolArray, Points
from noetra_ros.perception.settings import GeometrySettings

PERSON_SHARE = 0.1  # of a cluster's points within a person's box: the rest is the same person


@dataclass(frozen=True)
class KnownBox:
    """A place that something known fills.

    Attributes:
        label: class or name.
        kind: OBJECT, PERSON or FIXTURE.
        score: confidence, 0..1.
        position_m: (3,) centre, base frame.
        rotation: (3, 3) base_from_box.
        half_m: (3,) half edges, margin included.
        seen_ns: stamp of the picture that showed it; 0 for fixtures.
    """

    label: str
    kind: ObstacleKind
    score: float
    position_m: FloatArray
    rotation: FloatArray
    half_m: FloatArray
    seen_ns: int = 0

    def contains(self, points_base: Points) -> BoolArray:
        """(N,) bool."""
        local = (points_base - self.position_m.astype(np.float32)) @ self.rotation.astype(np.float32)
        return np.asarray((np.abs(local) <= self.half_m.astype(np.float32)).all(axis=1))


class Explained(NamedTuple):
    """What a cluster is.

    Attributes:
        kind: class.
        score: confidence in it, 0..1.
        labels: of all that explains it, sorted; empty where nothing does.
    """

    kind: ObstacleKind
    score: float
    labels: tuple[str, ...] = ()


class Explanations:
    """Everything known that may explain a cluster. Recognised things are remembered for a while.

    Args:
        settings: labels, scores, sizes, margins, hold times and fixtures.

    Raises:
        ConfigError: a fixture that cannot be read.
    """

    def __init__(self, settings: GeometrySettings) -> None:
        self._settings = settings
        self._fixtures = parse_fixtures(settings.fixtures, settings.voxel_m)
        self._recognised: list[KnownBox] = []

    def add(self, objects: Iterable[DetectedObject], stamp_ns: int) -> None:
        """Takes what recognition saw in one picture; a thing seen again replaces what was remembered."""
        found = [box for box in (self._box(thing, stamp_ns) for thing in objects) if box is not None]
        self._recognised = [old for old in self._recognised if not any(_is_same(old, new) for new in found)]
        self._recognised += found

    def forget(self) -> None:
        """Drops everything recognised."""
        self._recognised = []

    def forget_old(self, now_ns: int) -> None:
        """Drops what has not been seen for the hold time, or was seen before the clock was set back."""
        hold_ns = round(self._settings.object_hold_s * 1e9)
        self._recognised = [box for box in self._recognised if abs(now_ns - box.seen_ns) <= hold_ns]

    def judge(self, points_base: Points) -> Explained:
        """What one cluster is.

        A cluster is a thing only where things explain all of it, but for fewer points than make a cluster. A
        known thing that something unknown touches is in one cluster with it, and so as protected.

        Args:
            points_base: (N, 3) m, all points of the cluster.
        """
        explained = np.zeros(len(points_base), dtype=bool)
        used: list[KnownBox] = []
        for box in (*self._fixtures, *self._recognised):
            if box.kind is ObstacleKind.PERSON:
                continue
            inside = box.contains(points_base)
            if inside.any():
                used.append(box)
                explained |= inside
        is_rest_noise = np.count_nonzero(~explained) < self._settings.points_min
        if used and is_rest_noise:
            return _kind_of_explained(used)
        return self._person_or_unknown(points_base)

    def persons(self) -> list[KnownBox]:
        """Recognised people and parts of them."""
        return [box for box in self._recognised if box.kind is ObstacleKind.PERSON]

    def _person_or_unknown(self, points_base: Points) -> Explained:
        scores = [box.score for box in self.persons() if np.mean(box.contains(points_base)) >= PERSON_SHARE]
        if scores:
            return Explained(ObstacleKind.PERSON, max(scores))
        return Explained(ObstacleKind.UNKNOWN, 1.0)

    def _box(self, thing: DetectedObject, stamp_ns: int) -> KnownBox | None:
        """Where a recognised thing is; None where depth did not say, or where it may explain nothing."""
        settings, margin_m = self._settings, self._settings.object_margin_m
        if not np.isfinite([*thing.position_m, *thing.size_m, *thing.quat_xyzw]).all():
            return None
        is_person = thing.label in settings.person_labels
        is_object = (
            thing.score >= settings.object_score_min and max(thing.size_m) <= settings.object_size_max_m
        )
        if not (is_person or is_object):
            return None
        kind = ObstacleKind.PERSON if is_person else ObstacleKind.OBJECT
        half_m = 0.5 * np.asarray(thing.size_m, dtype=np.float64) + margin_m
        position_m = np.asarray(thing.position_m, dtype=np.float64)
        rotation = rotation_of(thing.quat_xyzw)
        return KnownBox(thing.label, kind, thing.score, position_m, rotation, half_m, stamp_ns)


def parse_fixtures(entries: Sequence[str], margin_m: float) -> list[KnownBox]:
    """Boxes of ``name=x,y,z,x,y,z``, lowest and highest corner, m; a margin around them is theirs, too.

    Raises:
        ConfigError: every entry that is not of that form, or whose corners are not in order.
    """
    boxes, faults = [], []
    for i, entry in enumerate(entries):
        if not entry:  # [""] stands for an empty list in ROS parameter files
            continue
        name, _, text = entry.partition("=")
        try:
            low, high = np.array([float(word) for word in text.split(",")]).reshape(2, 3)
        except ValueError:
            low, high = np.full(3, np.nan), np.full(3, np.nan)
        if not (name.isidentifier() and np.isfinite([low, high]).all() and (low < high).all()):
            faults.append(Fault(f"fixtures[{i}]", repr(entry), "name=x,y,z,x,y,z, lowest corner first, m"))
            continue
        centre, half_m = 0.5 * (low + high), 0.5 * (high - low) + margin_m
        boxes.append(KnownBox(name, ObstacleKind.FIXTURE, 1.0, centre, np.eye(3), half_m))
    if faults:
        raise ConfigError("perception settings", faults)
    return boxes


def rotation_of(quat_xyzw: FloatArray) -> FloatArray:
    """(3, 3) rotation of a quaternion; it need not be of length 1."""
    x, y, z, w = np.asarray(quat_xyzw, dtype=np.float64) / np.linalg.norm(quat_xyzw)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def _is_same(old: KnownBox, new: KnownBox) -> bool:
    reach_m = float(max(old.half_m.max(), new.half_m.max()))
    return old.label == new.label and bool(np.linalg.norm(old.position_m - new.position_m) <= reach_m)


def _kind_of_explained(used: Sequence[KnownBox]) -> Explained:
    """FIXTURE where only fixtures explain it, otherwise OBJECT."""
    labels = tuple(sorted({box.label for box in used}))
    things = [box for box in used if box.kind is ObstacleKind.OBJECT]
    if not things:
        return Explained(ObstacleKind.FIXTURE, 1.0, labels)
    return Explained(ObstacleKind.OBJECT, min(box.score for box in things), labels)
