"""What a task is, its registry, and the judge that watches one episode."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.registry import Registry
from noetra_ros.sim.scene import CUBE_COLOURS, SceneTruth

SPLITS = ("train", "heldout")


class Task(Protocol):
    """Something that a sentence asks for. Judged by poses alone, never by what a program says of itself."""

    @property
    def name(self) -> str:
        """Registered name."""

    @property
    def hold_s(self) -> float:
        """Success must last this long."""

    @property
    def wrong_hold_s(self) -> float:
        """Handling the wrong object must last this long to count."""

    @property
    def time_limit_s(self) -> float:
        """An episode ends after this long."""

    def sentences(self, colour: str, split: str) -> tuple[str, ...]:
        """Wordings; `train` ones are learned from, `heldout` ones only ever tested with."""

    def is_success(self, truth: SceneTruth, colour: str) -> bool:
        """Whether the scene is as asked at this instant."""

    def is_wrong_object(self, truth: SceneTruth, colour: str) -> bool:
        """Whether another object is handled as only the named cube should be."""


TASKS: Registry[Task] = Registry("task", "noetra_ros.sim.tasks")


def wordings(templates: dict[str, tuple[str, ...]], colour: str, split: str) -> tuple[str, ...]:
    """The sentences of one split, with the colour filled in.

    Raises:
        ConfigError: unknown split or colour.
    """
    if split not in templates:
        raise single_fault("task sentences", "split", repr(split), f"one of {', '.join(templates)}")
    if colour not in CUBE_COLOURS:
        raise single_fault("task sentences", "colour", repr(colour), f"one of {', '.join(CUBE_COLOURS)}")
    return tuple(template.format(colour=colour) for template in templates[split])


def horizontal_m(a: np.ndarray, b: np.ndarray) -> float:
    """Distance of two points as seen from above."""
    return float(np.linalg.norm(np.asarray(a)[:2] - np.asarray(b)[:2]))


@dataclass
class Judge:
    """Watches one episode: success and wrong object count once they have lasted long enough, and then stay.

    Attributes:
        task: what was asked for.
        colour: colour of the named cube.
        succeeded: success has lasted `task.hold_s`.
        handled_wrong: a wrong object was handled for `task.wrong_hold_s`.
    """

    task: Task
    colour: str
    succeeded: bool = False
    handled_wrong: bool = False
    _success_since_s: float | None = field(default=None, repr=False)
    _wrong_since_s: float | None = field(default=None, repr=False)

    def update(self, truth: SceneTruth) -> bool:
        """Takes the next instant, in order of time; returns whether the task has succeeded by now."""
        good = self.task.is_success(truth, self.colour)
        self._success_since_s = _since(self._success_since_s, good, truth.time_s)
        wrong = self.task.is_wrong_object(truth, self.colour)
        self._wrong_since_s = _since(self._wrong_since_s, wrong, truth.time_s)
        self.succeeded |= _lasted(self._success_since_s, truth.time_s, self.task.hold_s)
        self.handled_wrong |= _lasted(self._wrong_since_s, truth.time_s, self.task.wrong_hold_s)
        return self.succeeded


def _since(since_s: float | None, holds: bool, now_s: float) -> float | None:
    if not holds:
        return None
    return now_s if since_s is None else since_s


def _lasted(since_s: float | None, now_s: float, hold_s: float) -> bool:
    return since_s is not None and now_s - since_s >= hold_s - 1e-9
