"""`noetra eval --world approach`: people walk up to a robot, many paths, kinematic, free of the graph."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.approach import ApproachWorld
from noetra_ros.evaluation.approach_result import ApproachResult, evaluate_approach
from noetra_ros.evaluation.machine import describe_machine
from noetra_ros.safety.separation import TERMS


def run_world(count: int, seed: int, without: str, target: Path | None) -> bool:
    """Run it with a progress bar, write the numbers, show a table.

    Args:
        count: paths.
        seed: of the paths.
        without: term to leave out alone (no zone then); empty = each in turn, and the zone.
        target: JSON file; None = none.

    Returns:
        True where it has shown what it has to.

    Raises:
        ConfigError: an unknown term, no path.
    """
    if without and without not in TERMS:
        raise single_fault("noetra eval", "--without", repr(without), f"one of {', '.join(TERMS)}")
    if count < 1:
        raise single_fault("noetra eval", "--n", str(count), "at least 1")
    console = Console()
    with _progress(console) as progress:
        bars: dict[str, int] = {}

        def tell(what: str, done: int) -> None:
            if what not in bars:
                for bar in bars.values():
                    progress.remove_task(bar)  # type: ignore[arg-type]
                bars.clear()
                bars[what] = progress.add_task(what, total=count)
            progress.advance(bars[what], done)  # type: ignore[arg-type]

        terms = (without,) if without else TERMS
        result = evaluate_approach(ApproachWorld(), count, seed, terms, not without, describe_machine(), tell)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(result.as_json(), indent=2) + "\n", encoding="utf-8")
    console.print(_table(result))
    if target is not None:
        console.print(f"numbers: {target}")
    return result.has_passed


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("approach, {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _table(result: ApproachResult) -> Table:
    table = Table(
        title=f"world approach, {result.paths} paths, seed {result.seed}: {_word(result.has_passed)}"
    )
    for column in ("controller", "paths", "contacts while moving", "fastest", "productive time"):
        table.add_column(column, justify="left" if column == "controller" else "right")
    rows = {"all six terms": result.whole, **{f"without {t}": c for t, c in result.without.items()}}
    if result.zone is not None:
        rows[f"fixed stop zone of {result.zone_m:.2f} m"] = result.zone
    for name, count in rows.items():
        productive = f"{count.productive_share:.1%}"
        if count is result.zone:
            productive += f" (separation: {result.gain:+.1%})"
        table.add_row(
            name, str(count.paths), str(count.contacts), f"{count.fastest_contact_mps:.2f} m/s", productive
        )
    return table


def _word(has_passed: bool) -> str:
    return "passed" if has_passed else "NOT passed"
