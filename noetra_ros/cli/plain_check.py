"""A quick look at a policy without the graph, world and model in one loop; what counts is `noetra eval`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from noetra_ros.evaluation.seeds import choice_stream, episode_seed
from noetra_ros.evaluation.world_view import observe
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.plain_loop import run_episode
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS, Judge
from noetra_ros.sim.world import World, make_world

CHECK_RUN_SEED = 900  # evaluation seeds of this run are for development; official runs use others


@dataclass(frozen=True)
class CheckEpisode:
    """One episode of the check."""

    task: str
    wording: str
    sentence: str
    seed: int
    succeeded: bool
    handled_wrong: bool
    time_s: float


def check_policy(
    checkpoint: Path | None,
    episodes: int,
    tasks: Sequence[str] = ("reach", "push", "pick", "place"),
    run_seed: int = CHECK_RUN_SEED,
    robot: str = "so101",
    show: bool = False,
) -> list[CheckEpisode]:
    """Runs `episodes` of each task, every third with a held-out sentence, varied as evaluation varies.

    Args:
        checkpoint: model folder; None = the one that ships.
        episodes: of each task.
        tasks: their names.
        run_seed: of the episodes.
        robot: profile.
        show: print each episode.
    """
    profile = load_robot(robot)
    world = make_world(profile)
    policy = create_backend("noetra_nano", BackendOptions(profile, checkpoint=checkpoint))
    policy.load()
    cameras = tuple(need.name for need in policy.spec.cameras)
    done = []
    for task in tasks:
        for number in range(episodes):
            seed = episode_seed(run_seed, number)
            stream = choice_stream(seed)
            colour = stream.choice(CUBE_COLOURS)
            wording = "heldout" if number % 3 == 2 else "train"
            sentence = stream.choice(TASKS.get(task).sentences(colour, wording))
            world.reset(seed, "eval")
            judge = Judge(TASKS.get(task), colour)

            def drive(world: World, sentence: str = sentence):  # type: ignore[no-untyped-def]
                return policy.infer(observe(world, cameras, sentence)).values

            result = run_episode(world, drive, judge)
            done.append(
                CheckEpisode(
                    task, wording, sentence, seed, result.succeeded, result.handled_wrong, result.time_s
                )
            )
            if show:
                typer.echo(f"{done[-1]}")
    return done


def print_checks(episodes: Sequence[CheckEpisode]) -> None:
    """One line a task: successes by wording, wrong objects."""
    for task in dict.fromkeys(e.task for e in episodes):
        parts = []
        for wording in ("train", "heldout"):
            rows = [e for e in episodes if e.task == task and e.wording == wording]
            parts.append(f"{wording} {sum(e.succeeded for e in rows)}/{len(rows)}")
        wrong = sum(e.handled_wrong for e in episodes if e.task == task)
        typer.echo(f"{task}: {', '.join(parts)}, wrong object {wrong}")
