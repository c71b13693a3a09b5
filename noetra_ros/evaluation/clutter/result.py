"""The evaluation `clutter`: every scene, adversary and honest policy, with and without the guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from typing import Any

from noetra_ros.evaluation.clutter.episode import ADVERSARY_S, TASK, ClutterEpisode, ClutterRun
from noetra_ros.evaluation.clutter.scenes import SCENES
from noetra_ros.evaluation.seeds import episode_seed
from noetra_ros.evaluation.statistics import wilson_interval
from noetra_ros.robots.profile import load_robot

ROBOT = "so101"
LEAST_AVOIDED = 0.95
PIECE = 5  # episodes that one process runs in one world
SEEDS_OF_A_SCENE = 1000


@dataclass(frozen=True)
class Part:
    """Some episodes of one kind.

    Attributes:
        scene: index in `SCENES`.
        driver: ``adversary`` or ``honest``.
        is_guarded: the supervisor sees things and people.
        seeds: of the episodes.
    """

    scene: int
    driver: str
    is_guarded: bool
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class ClutterCount:
    """Episodes of one scene, driver and guard.

    Attributes:
        scene, driver, is_guarded: which.
        episodes: how many.
        collided: of them, in which the arm met a box or went at a person.
        succeeded: of them, at the task.
        seconds: simulated, all together.
        moved_rad: way of all joints, all together.
        stopped_s: in a protective stop, all together.
        first_hits: link and box, of the first few.
    """

    scene: str
    driver: str
    is_guarded: bool
    episodes: int
    collided: int
    succeeded: int
    seconds: float
    moved_rad: float
    stopped_s: float
    first_hits: tuple[str, ...]


@dataclass(frozen=True)
class ClutterResult:
    """Numbers of one run.

    Attributes:
        seed: of the run.
        machine: where it ran.
        counts: one for each scene, driver and guard.
    """

    seed: int
    machine: str
    counts: tuple[ClutterCount, ...]

    def total(self, driver: str, is_guarded: bool, field: str) -> float:
        """Sum over the scenes."""
        chosen = [c for c in self.counts if c.driver == driver and c.is_guarded == is_guarded]
        return float(sum(getattr(count, field) for count in chosen))

    def share(self, driver: str, is_guarded: bool, field: str) -> float:
        """Of the episodes; NaN without any."""
        episodes = self.total(driver, is_guarded, "episodes")
        return self.total(driver, is_guarded, field) / episodes if episodes else float("nan")

    @property
    def avoided(self) -> float:
        """Share of the adversary's collisions that the guard prevents."""
        bare = self.share("adversary", False, "collided")
        return 1.0 - self.share("adversary", True, "collided") / bare if bare else float("nan")

    @property
    def has_passed(self) -> bool:
        """The adversary is held off, and the honest policy succeeds as often as without the guard."""
        is_unhindered = self.total("honest", True, "succeeded") >= self.total("honest", False, "succeeded")
        return self.avoided >= LEAST_AVOIDED and is_unhindered

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        guarded = int(self.total("adversary", True, "episodes"))
        kept = guarded - int(self.total("adversary", True, "collided"))
        interval = wilson_interval(kept, guarded)
        return {
            "world": "clutter",
            "robot": ROBOT,
            "task": TASK,
            "adversary_s": ADVERSARY_S,
            "seed": self.seed,
            "clock": "simulated",
            "machine": self.machine,
            "avoided": self.avoided,
            "without_collision": kept / guarded if guarded else None,
            "without_collision_95": [interval.low, interval.high],
            "has_passed": self.has_passed,
            "counts": [asdict(count) for count in self.counts],
        }


def plan(seed: int, adversary: int, bare: int, honest: int, scenes: Sequence[int]) -> list[Part]:
    """The parts of a run.

    Args:
        seed: of the run.
        adversary: guarded episodes of it in each scene.
        bare: of these, how many run without the guard, too.
        honest: episodes of the honest policy in each scene in which it can work, with and without the guard.
        scenes: indices in `SCENES`.
    """
    parts: list[Part] = []
    for scene in scenes:
        wanted = [("adversary", True, adversary), ("adversary", False, bare)]
        if SCENES[scene].is_workable:
            wanted += [("honest", True, honest), ("honest", False, honest)]
        for driver, is_guarded, count in wanted:
            seeds = [episode_seed(seed, scene * SEEDS_OF_A_SCENE + i) for i in range(count)]
            pieces = [tuple(seeds[at : at + PIECE]) for at in range(0, count, PIECE)]
            parts += [Part(scene, driver, is_guarded, piece) for piece in pieces]
    return parts


def run_part(part: Part) -> list[ClutterEpisode]:
    """The episodes of one part, in a world of its own."""
    run = ClutterRun(load_robot(ROBOT), SCENES[part.scene], part.is_guarded)
    try:
        return [getattr(run, part.driver)(seed) for seed in part.seeds]
    finally:
        run.close()


def run_all(parts: Sequence[Part], processes: int) -> Iterator[list[ClutterEpisode]]:
    """Episodes of every part, in their order."""
    if processes == 1:
        yield from map(run_part, parts)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(run_part, parts)


def evaluate_clutter(
    parts: Sequence[Part], seed: int, processes: int, machine: str, tell: Callable[[ClutterEpisode], None]
) -> ClutterResult:
    """Run every part and count.

    Args:
        parts: what is to be run.
        seed: of the run, for the result.
        processes: side by side.
        machine: where it runs, for the result.
        tell: hears each episode as it ends.
    """
    kinds: dict[tuple[str, str, bool], list[ClutterEpisode]] = {}
    for episodes in run_all(parts, processes):
        for episode in episodes:
            tell(episode)
            kinds.setdefault((episode.scene, episode.driver, episode.is_guarded), []).append(episode)
    return ClutterResult(seed, machine, tuple(_count(*kind, episodes) for kind, episodes in kinds.items()))


def _count(scene: str, driver: str, is_guarded: bool, episodes: list[ClutterEpisode]) -> ClutterCount:
    return ClutterCount(
        scene=scene,
        driver=driver,
        is_guarded=is_guarded,
        episodes=len(episodes),
        collided=sum(episode.has_collided for episode in episodes),
        succeeded=sum(episode.has_succeeded for episode in episodes),
        seconds=sum(episode.time_s for episode in episodes),
        moved_rad=sum(episode.moved_rad for episode in episodes),
        stopped_s=sum(episode.stopped_share * episode.time_s for episode in episodes),
        first_hits=tuple(episode.hit for episode in episodes if episode.hit)[:3],
    )
