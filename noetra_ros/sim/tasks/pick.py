"""Pick up the cube that the sentence names."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.sim.scene import ObjectTruth, SceneTruth
from noetra_ros.sim.task import TASKS, wordings

LIFTED_M = 0.05
WRONG_LIFTED_M = 0.03

SENTENCES = {
    "train": (
        "pick up the {colour} cube",
        "pick the {colour} cube",
        "lift the {colour} cube",
        "grab the {colour} cube",
        "pick up the {colour} block",
    ),
    "heldout": (
        "please grab the {colour} block",
        "lift up the {colour} block",
        "take the {colour} cube and lift it",
    ),
}


@dataclass(frozen=True)
class Pick:
    """Success: the named cube is at least 5 cm higher than at the start, for 0.5 s."""

    name: str = "pick"
    hold_s: float = 0.5
    wrong_hold_s: float = 0.2
    time_limit_s: float = 12.0

    def sentences(self, colour: str, split: str) -> tuple[str, ...]:
        """See `Task.sentences`."""
        return wordings(SENTENCES, colour, split)

    def is_success(self, truth: SceneTruth, colour: str) -> bool:
        """See `Task.is_success`."""
        return raised_m(truth.cube(colour)) >= LIFTED_M

    def is_wrong_object(self, truth: SceneTruth, colour: str) -> bool:
        """Another thing is lifted by 3 cm or more."""
        return any(raised_m(thing) >= WRONG_LIFTED_M for thing in truth.others(colour))


def raised_m(thing: ObjectTruth) -> float:
    """How much higher a thing is than at the start."""
    return float(thing.position_m[2] - thing.start_position_m[2])


TASKS.register("pick")(Pick())
