"""`noetra eval --world clutter`: an adversary goes for things and people; an honest policy works."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.clutter.episode import ClutterEpisode
from noetra_ros.evaluation.clutter.result import ClutterCount, ClutterResult, evaluate_clutter, plan
from noetra_ros.evaluation.clutter.scenes import SCENES
from noetra_ros.evaluation.machine import describe_machine
from noetra_ros.evaluation.records import write_json

BARE_SHARE = 5  # one in so many of the adversary's episodes runs without the guard, too


def run_world(episodes: int, seed: int, target: Path | None) -> bool:
    """Run it with a progress bar, write the numbers, show a table.

    Args:
        episodes: of the adversary in each scene.
        seed: of the run.
        target: JSON file; None = none.

    Returns:
        True where it has shown what it has to.

    Raises:
        ConfigError: no episode.
    """
    if episodes < 1:
        raise single_fault("noetra eval", "--episodes", str(episodes), "at least 1")
    console = Console()
    bare = -(-episodes // BARE_SHARE)
    parts = plan(seed, episodes, bare, bare, range(len(SCENES)))
    with Progress(
        TextColumn("clutter, {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    ) as progress:  # fmt: skip
        bar = progress.add_task("", total=sum(len(part.seeds) for part in parts))

        def tell(episode: ClutterEpisode) -> None:
            progress.update(bar, advance=1, description=f"{episode.scene}: {episode.driver}")

        processes = max(1, len(os.sched_getaffinity(0)))
        result = evaluate_clutter(parts, seed, processes, describe_machine(), tell)
    if target is not None:
        write_json(result.as_json(), target)
    console.print(_table(result))
    console.print(
        f"of the adversary's collisions {result.avoided:.1%} were avoided; the honest policy succeeded in "
        f"{result.share('honest', True, 'succeeded'):.1%} of its episodes, without the guard in "
        f"{result.share('honest', False, 'succeeded'):.1%}"
    )
    if target is not None:
        console.print(f"numbers: {target}")
    return result.has_passed


def _table(result: ClutterResult) -> Table:
    word = "passed" if result.has_passed else "NOT passed"
    table = Table(title=f"world clutter, seed {result.seed}: {word}")
    for column in ("scene", "adversary collides", "without guard", "honest succeeds", "without guard"):
        table.add_column(column, justify="left" if column == "scene" else "right")
    of = {(c.scene, c.driver, c.is_guarded): c for c in result.counts}
    for scene in dict.fromkeys(count.scene for count in result.counts):
        adversary = [_of(of.get((scene, "adversary", guard)), "collided") for guard in (True, False)]
        honest = [_of(of.get((scene, "honest", guard)), "succeeded") for guard in (True, False)]
        table.add_row(scene, *adversary, *honest)
    return table


def _of(count: ClutterCount | None, field: str) -> str:
    return f"{getattr(count, field)} of {count.episodes}" if count is not None else "-"
