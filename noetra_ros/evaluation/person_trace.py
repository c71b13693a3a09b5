"""What the physics recorded of a person in one episode: where they were, how near, and every touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray


@dataclass(frozen=True)
class TouchRecord:
    """One touch of a link and a part of the person; its fields are those of `sim.person_watch.Touch`.

    Attributes:
        time_s: simulated time of its first instant.
        end_s: of its last instant.
        speed_mps: at the first instant, speed of the link's touched point towards the person; negative: away.
        closing_mps: the same relative to the person's own motion.
        highest_mps: highest `speed_mps` while the touch lasted.
        link: of the robot.
        part: of the person.
        region: body region of the part, ISO/TS 15066.
    """

    time_s: float
    end_s: float
    speed_mps: float
    closing_mps: float
    highest_mps: float
    link: str
    part: str
    region: str


@dataclass(frozen=True)
class PersonTrace:
    """A person in one episode.

    Attributes:
        kind: of the path, e.g. `reach`.
        parts: (k) capsules of the body.
        regions: (k) their body regions, ISO/TS 15066.
        radii_m: (k,).
        time_s: (m,) instants of `segments_m`, simulated time; none where nobody is there.
        segments_m: (m, k, 2, 3) end centres, base frame.
        distance_m: (n,) smallest distance of moving links and person at each physics step of the trace;
            infinite while nobody is there, 0 = touch.
        touches: by their first instants.
    """

    kind: str
    parts: tuple[str, ...]
    regions: tuple[str, ...]
    radii_m: FloatArray
    time_s: FloatArray
    segments_m: FloatArray
    distance_m: FloatArray
    touches: tuple[TouchRecord, ...]

    def __post_init__(self) -> None:
        expected = (len(self.time_s), len(self.parts), 2, 3)
        if self.segments_m.shape != expected:
            raise ValueError(
                f"trace.person_segments_m has shape {self.segments_m.shape}, expected {expected}"
            )


def person_from_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> PersonTrace | None:
    """The person of a trace file; None where the episode had nobody.

    Raises:
        KeyError: an array is missing.
        ValueError: arrays that do not fit together.
    """
    if "person_kind" not in arrays:
        return None
    fields = TouchRecord.__dataclass_fields__
    columns = [[kept.item() for kept in arrays[f"touch_{name}"]] for name in fields]
    return PersonTrace(
        kind=str(arrays["person_kind"]),
        parts=tuple(str(part) for part in arrays["person_parts"]),
        regions=tuple(str(region) for region in arrays["person_regions"]),
        radii_m=arrays["person_radii_m"].astype(np.float64),
        time_s=arrays["person_time_s"].astype(np.float64),
        segments_m=arrays["person_segments_m"].astype(np.float64),
        distance_m=arrays["person_distance_m"].astype(np.float64),
        touches=tuple(TouchRecord(*row) for row in zip(*columns, strict=True)),
    )
