"""Make every input fail in every way, let nodes die, and see whether the robot does as declared."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.faults.oracle import Outcome
from noetra_ros.evaluation.faults.plan import Cell, FaultPlan, load_plan, plan_for
from noetra_ros.evaluation.faults.records import CampaignResult, as_document, joined, read_result
from noetra_ros.evaluation.faults.tables import markdown, page, summary
from noetra_ros.evaluation.records import write_json
from noetra_ros.evaluation.report.page import write_page

BEGIN, END = "<!-- generated: noetra faults --write docs/faults.md -->", "<!-- end -->"


def command(
    json: Annotated[Path, typer.Option(help="Where the result goes.")] = Path("out/faults/report.json"),
    quick: Annotated[bool, typer.Option("--quick", help="Only the short campaign, a minute.")] = False,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="Trials of each cell.")] = 3,
    only: Annotated[
        list[str] | None, typer.Option(help="Part of the name of a cell, STATION/WHAT/HOW; may be repeated.")
    ] = None,
    plan: Annotated[Path | None, typer.Option(help="Another plan than config/faults.yaml.")] = None,
    robot: Annotated[
        str, typer.Option(help="Another robot, at the stations of its kind: arm or base; empty = the plan's.")
    ] = "",
    older: Annotated[
        Path | None, typer.Option("--with", help="An older result: its cells that are not run now stay.")
    ] = None,
    no_run: Annotated[
        bool, typer.Option("--no-run", help="Run nothing: page and --write of --with.")
    ] = False,
    write: Annotated[
        Path | None, typer.Option(help="Markdown file whose generated part is made anew: docs/faults.md.")
    ] = None,
    list_cells: Annotated[bool, typer.Option("--list", help="Name the cells and end.")] = False,
) -> None:
    """Runs the fault campaign of config/faults.yaml; ends with code 1 where a cell misses its declaration.

    The full campaign takes about 40 minutes and one core; --quick about a minute. Everything happens in
    simulation. Beside the JSON file lies a page of the same name.
    """
    from noetra_ros.cli.fault_campaign.campaign import Choice  # ROS loads after the options were read

    declared = plan_for(load_plan(plan), robot) if robot else load_plan(plan)
    trials = 1 if quick else seeds
    choice = Choice(seeds=tuple(range(trials)), is_quick=quick, only=tuple(only or ()))
    if write is not None:
        _require_markers(write)
    console = Console(highlight=False)
    before = read_result(older) if older is not None else None
    result = before if no_run else _run(declared, choice, console, list_cells)
    if result is None:
        return
    if before is not None and not no_run:
        result = joined(before, result)
    write_json(as_document(result), json)
    write_page(page(result), json.with_suffix(".html"))
    if write is not None:
        write_part(write, markdown(result))
    console.print(summary(result), style="green" if result.is_ok else "red", soft_wrap=True)
    console.print(f"result: {json}, page: {json.with_suffix('.html')}", soft_wrap=True)
    if not result.is_ok:
        raise typer.Exit(1)


def _run(plan: FaultPlan, choice: object, console: Console, is_list: bool) -> CampaignResult | None:
    """The campaign with its progress; None where the cells were only named."""
    from noetra_ros.cli.fault_campaign.campaign import Choice, planned_cells, run_campaign

    assert isinstance(choice, Choice)
    planned = [cell for cells in planned_cells(plan, choice).values() for cell in cells]
    tried = [cell for cell in planned if not cell.plan.senseless]
    if is_list:
        for cell in tried:
            console.print(
                f"{cell.name:44} {cell.reaction.value:20} {cell.within_s * 1e3:6.0f} ms", soft_wrap=True
            )
        return None
    if not tried:
        raise single_fault("noetra faults", "--only", ", ".join(choice.only), "a part of a name of --list")
    with _progress(console) as progress, tempfile.TemporaryDirectory(prefix="noetra_faults_") as folder:
        task = progress.add_task("starting the graph", total=len(tried) * len(choice.seeds))

        def told(cell: Cell, seed: int, outcome: Outcome) -> None:
            progress.update(task, advance=1, description=cell.name)
            _tell(progress.console, cell, seed, outcome)

        return run_campaign(plan, choice, Path(folder), told)


def write_part(path: Path, text: str) -> None:
    """Make the generated part of a Markdown file anew."""
    whole = path.read_text(encoding="utf-8")
    head, _, rest = whole.partition(BEGIN)
    tail = rest.partition(END)[2]
    path.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")


def _require_markers(path: Path) -> None:
    """Said before the campaign, not after it."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if BEGIN not in text or END not in text:
        raise single_fault("noetra faults", "--write", str(path), f"a file that holds {BEGIN} and {END}")


def _progress(console: Console) -> Progress:
    columns: Sequence[object] = (
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    return Progress(*columns, console=console, transient=True)  # type: ignore[arg-type]


def _tell(console: Console, cell: Cell, seed: int, outcome: Outcome) -> None:
    """One line for a trial."""
    told = "" if math.isnan(outcome.told_s) else f" after {outcome.told_s * 1e3:.0f} ms"
    mark, style = ("✓", "green") if outcome.is_ok else ("✗", "red")
    console.print(f"{mark} {cell.name} seed {seed}: {outcome.seen}{told}", style=style, soft_wrap=True)
    for fault in outcome.faults:
        console.print(f"    {fault}", style="red", soft_wrap=True)
