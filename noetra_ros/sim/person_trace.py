"""Records a person beside the robot's own trace: where they were, how near, and every touch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.person_figure import PART_REGIONS, PARTS
from noetra_ros.sim.person_watch import PersonWatch

BODY_PERIOD_S = 0.05
TOUCH_WORDS = ("link", "part", "region")
TOUCH_NUMBERS = ("time_s", "end_s", "speed_mps", "closing_mps", "highest_mps")


class PersonRecorder:
    """Collects what `arrays` gives; call `take` after every physics step.

    Args:
        person: of the episode.
        step_s: length of a physics step.
    """

    def __init__(self, person: PersonWatch, step_s: float) -> None:
        self._person = person
        self._every = max(1, round(BODY_PERIOD_S / step_s))
        self._distances_m: list[float] = []
        self._bodies: list[tuple[float, FloatArray]] = []

    def take(self, time_s: float) -> None:
        """The instant after a step, simulated time."""
        if self._person.is_present and len(self._distances_m) % self._every == 0:
            self._bodies.append((time_s, self._person.segments_m.astype(np.float32)))
        self._distances_m.append(self._person.distance_m())

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What the trace file keeps, k parts, n physics steps, m instants, t touches.

        - `person_kind` (), `person_parts` (k), `person_regions` (k), `person_radii_m` (k).
        - `person_time_s` (m), `person_segments_m` (m, k, 2, 3): 20 Hz while the person is there, base frame.
        - `person_distance_m` (n): of moving links and person; infinite while nobody is there, 0 = touch.
        - `touch_*` (t): the fields of `Touch`.
        """
        touches = self._person.touches
        return {
            "person_kind": np.array(self._person.kind),
            "person_parts": np.array(PARTS),
            "person_regions": np.array(tuple(PART_REGIONS.values())),
            "person_radii_m": self._person.radii_m,
            "person_time_s": np.array([time_s for time_s, _ in self._bodies]),
            "person_segments_m": np.array([body for _, body in self._bodies]).reshape(-1, len(PARTS), 2, 3),
            "person_distance_m": np.array(self._distances_m, np.float32),
            **{f"touch_{name}": np.array([getattr(t, name) for t in touches], str) for name in TOUCH_WORDS},
            **{
                f"touch_{name}": np.array([getattr(t, name) for t in touches], float)
                for name in TOUCH_NUMBERS
            },
        }
