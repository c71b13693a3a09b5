"""Fuzz the safety core: random commands, states and accidents, judged by an oracle of other code."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from noetra_ros import __version__
from noetra_ros.cli.parallel_making import counting_progress
from noetra_ros.core.errors import single_fault
from noetra_ros.core.resources import share_folder
from noetra_ros.evaluation.fuzz.campaign import Job, Tally, jobs, play, run, setups_for, weighted
from noetra_ros.evaluation.fuzz.setup import Setup, require_target, targets
from noetra_ros.evaluation.machine import describe_machine

ROBOTS = ("so101", "diffbot")
KEEP_EVERY_S = 60.0


def command(
    steps: Annotated[
        int, typer.Option(min=1, help="Commands and states to hand to the core, at least.")
    ] = 50_000,
    seed: Annotated[int, typer.Option(help="Seed of the campaign.")] = 1,
    robot: Annotated[str, typer.Option(help="Robot profile; empty = so101 and diffbot.")] = "",
    without: Annotated[
        str,
        typer.Option(
            help="A check or limit to leave out: the oracle has to notice. 'each' = one after another."
        ),
    ] = "",
    episode: Annotated[
        int, typer.Option(help="Repeat this episode of the campaign and list its findings.")
    ] = -1,
    first: Annotated[int, typer.Option(min=0, help="Episode to begin with: goes on with a campaign.")] = 0,
    processes: Annotated[int, typer.Option(min=1, help="Episodes side by side.")] = 2,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result to this file.")] = None,
) -> None:
    """Plays random episodes against the real supervisor core: smooth, jumping and flooding commands, NaN,
    stale and noisy states, e-stops, resets and arming at bad moments, people who walk up. An oracle with its
    own formulas judges every setpoint and every change of mode. Exit code 1: it found something (with
    --without: it found nothing).

    A finding names its episode; the same seed with --episode repeats it.
    """  # fmt: skip
    robots = (robot,) if robot else ROBOTS
    if without == "each":
        is_noticed = _each(robots, steps, seed, processes, json_file)
        raise typer.Exit(0 if is_noticed else 1)
    require_target(without)
    setups = weighted(setups_for(robots, without))
    if not setups:
        expected = f"a check that a channel of {', '.join(robots)} has"
        raise single_fault("fuzz", "without", without, expected, "--robot, with a robot that has it")
    if episode >= 0:
        raise typer.Exit(1 if _repeat(Job(setups, seed, episode)) else 0)
    begin_s = time.monotonic()

    def keep(tally: Tally) -> dict[str, Any]:
        result = _result(tally, seed, without, time.monotonic() - begin_s) | {"first_episode": first}
        _write(json_file, result)
        return result

    tally = _campaign(setups, steps, (seed, first), processes, bool(without), keep)
    _show(keep(tally))
    raise typer.Exit(int(bool(tally.rules) != bool(without)))


def _campaign(
    setups: tuple[Setup, ...],
    steps: int,
    seed_and_first: tuple[int, int],
    processes: int,
    until_found: bool,
    keep: Callable[[Tally], Any],
) -> Tally:
    """Episodes until there are enough steps; `keep` is told now and then, so that a long one is not lost."""
    tally, kept_s = Tally(), time.monotonic()
    with counting_progress() as progress:
        bar = progress.add_task("steps", total=steps, note="")
        for part in _parts(setups, seed_and_first, processes):
            tally.add(part)
            note = f"{tally.episodes_with_findings} of {tally.episodes} episodes with findings"
            progress.update(bar, completed=tally.steps, note=note)
            if time.monotonic() - kept_s > KEEP_EVERY_S:
                keep(tally)
                kept_s = time.monotonic()
            if tally.steps >= steps or (until_found and tally.rules):
                break
    return tally


def _parts(setups: tuple[Setup, ...], seed_and_first: tuple[int, int], processes: int) -> Iterator[Tally]:
    """Tallies of episodes as they are done; twice as many as `processes` are under way or waiting."""
    numbers = jobs(setups, *seed_and_first)
    if processes == 1:
        yield from map(run, numbers)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context) as pool:
        pending = {pool.submit(run, next(numbers)) for _ in range(2 * processes)}
        try:
            while True:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                pending |= {pool.submit(run, next(numbers)) for _ in done}
                for future in done:
                    yield future.result()
        finally:
            for future in pending:
                future.cancel()


def _each(robots: tuple[str, ...], steps: int, seed: int, processes: int, json_file: Path | None) -> bool:
    """Leaves out one after another; true when the oracle noticed every one of them. What no channel has
    cannot be noticed, and is told.
    """
    rows = []
    for name in targets():
        setups = weighted(setups_for(robots, name))
        begin_s = time.monotonic()
        tally = Tally()
        if setups:
            tally = _campaign(setups, steps, (seed, 0), processes, True, lambda _: None)
        rows.append(_result(tally, seed, name, time.monotonic() - begin_s))
    table = Table("left out", "noticed after", "by the rules")
    for row in rows:
        missed = "NOT NOTICED" if row["steps"] else "NOT PLAYED: no channel here has it"
        table.add_row(row["without"], f"{row['steps']} steps", ", ".join(row["rules"]) or missed)
    Console().print(table)
    kept = ("without", "steps", "episodes", "rules")
    _write(json_file, {**_about(seed), "rows": [{key: row[key] for key in kept} for row in rows]})
    return all(row["rules"] for row in rows)


def _repeat(job: Job) -> bool:
    """One episode, told in full; true where the oracle finds something."""
    record, found = play(job)
    console = Console()
    console.print(f"episode {job.number}: {job.setup.robot} {job.setup.channel}, {job.setup.variant}")
    for finding in found:
        at_s = (record.now_ns[finding.row] - record.now_ns[0]) / 1e9
        console.print(
            f"call {finding.row} ({at_s:.3f} s) {finding.rule}: {finding.subject} {finding.measured:.6g}, "
            f"limit {finding.limit:.6g}"
        )
    console.print(f"{len(found)} findings in {len(record.call)} calls")
    return bool(found)


def _result(tally: Tally, seed: int, without: str, took_s: float) -> dict[str, Any]:
    """What is shown and written; the first findings with their episode."""
    return {
        **_about(seed),
        "without": without,
        "took_s": round(took_s, 1),
        "steps_per_s": round(tally.steps / took_s, 1),
        "steps": tally.steps,
        "episodes": tally.episodes,
        "calls": dict(sorted(tally.calls.items())),
        "modes": dict(sorted(tally.modes.items())),
        "setups": dict(sorted(tally.setups.items())),
        "setpoints_sent": tally.sent,
        "commands_passed_bit_for_bit": tally.unchanged,
        "episodes_with_findings": tally.episodes_with_findings,
        "rules": dict(tally.rules.most_common()),
        "findings": tally.findings,
    }


def _about(seed: int) -> dict[str, Any]:
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "version": __version__,
        "revision": _revision(),
        "machine": describe_machine(),
        "seed": seed,
    }


def _revision() -> str:
    """Short git hash of the source tree; empty where there is none."""
    git = ["git", "-C", str(share_folder()), "rev-parse", "--short", "HEAD"]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _show(result: dict[str, Any]) -> None:
    console = Console()
    console.print(
        f"{result['steps']} commands and states in {result['episodes']} episodes, {result['took_s']} s: "
        f"{result['episodes_with_findings']} episodes with findings"
    )
    for rule, count in result["rules"].items():
        console.print(f"  {count:6d}  {rule}")
    for finding in result["findings"][:5]:
        console.print(
            f"  noetra fuzz --seed {result['seed']} --episode {finding['episode']}: {finding['rule']}"
        )


def _write(path: Path | None, result: dict[str, Any]) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
