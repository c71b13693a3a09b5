"""Drive to the mark that the sentence names: the base comes to rest on it."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.errors import single_fault
from noetra_ros.sim.scene import CUBE_COLOURS, ObjectTruth, SceneTruth
from noetra_ros.sim.task import TASKS, horizontal_m, wordings

BASE = "base"
NEAR_M = 0.10  # the middle of the base from the middle of the mark
REST_MPS = 0.05

SENTENCES = {
    "train": (
        "drive to the {colour} mark",
        "go over to the {colour} mark",
        "drive onto the {colour} spot",
        "park on the {colour} mark",
    ),
    "heldout": (
        "please bring yourself to the {colour} spot",
        "head for the {colour} mark and stop there",
        "stop on the {colour} spot",
    ),
}


def mark_name(colour: str) -> str:
    """Name of the mark of a colour."""
    return f"{colour}_mark"


@dataclass(frozen=True)
class Drive:
    """Success: the base rests with its middle within 10 cm of the named mark's, for 0.5 s."""

    name: str = "drive"
    hold_s: float = 0.5
    wrong_hold_s: float = 0.5
    time_limit_s: float = 60.0

    def sentences(self, colour: str, split: str) -> tuple[str, ...]:
        """See `Task.sentences`."""
        return wordings(SENTENCES, colour, split)

    def is_success(self, truth: SceneTruth, colour: str) -> bool:
        """See `Task.is_success`.

        Raises:
            ConfigError: nothing drives in this world.
        """
        return _rests_on(truth, colour)

    def is_wrong_object(self, truth: SceneTruth, colour: str) -> bool:
        """It rests on another mark; passing over one is no fault."""
        return any(_rests_on(truth, other) for other in CUBE_COLOURS if other != colour)


def _rests_on(truth: SceneTruth, colour: str) -> bool:
    base, mark = of_floor(truth, BASE), of_floor(truth, mark_name(colour))
    return horizontal_m(base.position_m, mark.position_m) <= NEAR_M and base.speed_mps <= REST_MPS


def of_floor(truth: SceneTruth, name: str) -> ObjectTruth:
    """The base or a mark.

    Raises:
        ConfigError: this world has neither.
    """
    if name not in truth.objects:
        known = ", ".join(truth.objects) or "nothing"
        expected = "a world with a base and marks on the floor"
        raise single_fault("task drive", "world", known, expected, "take a robot that drives")
    return truth.objects[name]


TASKS.register("drive")(Drive())
