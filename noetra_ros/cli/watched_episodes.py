"""Runs a policy in a plain loop and keeps what it saw and said, for its trust to be calibrated and judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from noetra_ros.cli.demonstrate import observe
from noetra_ros.cli.disturbances import Disturbance, undo
from noetra_ros.core.types import ActionChunk, FloatArray, Observation
from noetra_ros.evaluation.seeds import choice_stream, episode_seed
from noetra_ros.policy.backend import PolicyBackend
from noetra_ros.policy.trust.calibration import WatchedEpisode
from noetra_ros.policy.trust.distance import Array
from noetra_ros.sim.plain_loop import run_episode
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS, Judge
from noetra_ros.sim.world import World

TASK_NAMES = ("reach", "push", "pick", "place")
HELDOUT_EVERY = 3


class Seeing(PolicyBackend, Protocol):
    """A policy that shows what its network saw last."""

    features: Array


@dataclass
class Watcher:
    """Drives the arm and keeps features and chunks.

    Args:
        policy: drives.
        disturbance: changes what it sees.
        sentence: to follow.
    """

    policy: Seeing
    disturbance: Disturbance
    sentence: str

    def __post_init__(self) -> None:
        self.features: list[Array] = []
        self.chunks: list[ActionChunk] = []

    def __call__(self, world: World) -> FloatArray:
        """The rows that are carried out."""
        cameras = tuple(need.name for need in self.policy.spec.cameras)
        seen: Observation = self.disturbance.see(observe(world, cameras, self.sentence))
        chunk = self.policy.infer(seen)
        self.features.append(np.array(self.policy.features, dtype=np.float32))
        self.chunks.append(chunk)
        return chunk.values

    def episode(self) -> WatchedEpisode:
        """What was kept."""
        return WatchedEpisode(np.stack(self.features), tuple(self.chunks))


def watched_episodes(
    policy: Seeing, world: World, count: int, run_seed: int, disturbance: Disturbance | None = None
) -> Iterator[tuple[WatchedEpisode, bool]]:
    """Episodes of all tasks in turn, varied as evaluation varies, and whether each ended well.

    Args:
        policy: loaded.
        world: is reset here.
        count: episodes.
        run_seed: of the episodes.
        disturbance: what is wrong in each; None = nothing.
    """
    changed = disturbance or Disturbance()
    for number in range(count):
        seed = episode_seed(run_seed, number)
        choice, rng = choice_stream(seed), np.random.default_rng(seed)
        task, colour = TASKS.get(TASK_NAMES[number % len(TASK_NAMES)]), choice.choice(CUBE_COLOURS)
        wording = "heldout" if number % HELDOUT_EVERY == HELDOUT_EVERY - 1 else "train"
        sentence = changed.say(choice.choice(task.sentences(colour, wording)), rng)
        undo(world)
        world.reset(seed, "eval")
        changed.prepare(world, colour, rng)
        policy.reset()
        watcher = Watcher(policy, changed, sentence)
        result = run_episode(world, watcher, Judge(task, colour))
        yield watcher.episode(), result.succeeded
    undo(world)
