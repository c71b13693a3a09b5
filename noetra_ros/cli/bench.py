"""Measure this machine: every benchmark of bench/, as a table and a report file."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from noetra_ros.core.errors import NoetraError, single_fault
from noetra_ros.core.resources import share_folder
from noetra_ros.evaluation.bench_records import BenchRecord, write_bench
from noetra_ros.evaluation.report.page import number_words


def command(
    only: Annotated[list[str] | None, typer.Option(help="Run this benchmark alone; may be repeated.")] = None,
    json: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("out/bench/report.json"),
    list_names: Annotated[bool, typer.Option("--list", help="Name the benchmarks and end.")] = False,
    minutes: Annotated[
        float | None, typer.Option(min=0.1, help="How long those go on that watch for rare events.")
    ] = None,
) -> None:
    """Run the benchmarks, print a table, write a list of records; the exit code is 1 where one failed."""
    console = Console()
    files = find_benchmarks(share_folder() / "bench")
    if list_names:
        for name, path in files.items():
            console.print(f"{name:22} {_title(path)}", soft_wrap=True)
        return
    chosen = {name: files[name] for name in _chosen(files, only)}
    records, failed = run_benchmarks(chosen, console, minutes)
    if records:
        write_bench(records, json)
        console.print(table_of(records))
        console.print(f"report: {json}")
    if failed:
        console.print(f"failed: {', '.join(failed)}", style="red")
        raise typer.Exit(1)


def find_benchmarks(folder: Path) -> dict[str, Path]:
    """Benchmarks by name: every file of the folder that has a top-level ``run``.

    Raises:
        ConfigError: no such folder (the package was installed without it).
    """
    if not folder.is_dir():
        raise single_fault("noetra bench", "bench/", "not found", str(folder), "run it in a source tree")
    return {path.stem: path for path in sorted(folder.glob("[a-z]*.py")) if _has_run(path)}


def run_benchmarks(
    files: dict[str, Path], console: Console, minutes: float | None = None
) -> tuple[list[BenchRecord], list[str]]:
    """Records of the benchmarks that worked, and names of those that did not.

    Args:
        files: by name.
        console: for their progress.
        minutes: takes the place of the ``MINUTES`` of those that have them; None = their own.
    """
    records: list[BenchRecord] = []
    failed = []
    for name, path in files.items():
        with console.status(f"[bold]{name}[/bold] {_title(path)}") as status:
            try:
                module = load_benchmark(path)
                if minutes is not None and hasattr(module, "MINUTES"):
                    module.MINUTES = minutes  # type: ignore[attr-defined]
                records += module.run(_reporter(status.update, name))
            except (NoetraError, ValueError, OSError) as error:
                failed.append(name)
                console.print(f"{name}: {error}", style="red", markup=False)
                continue
        console.print(f"[green]✓[/green] {name}")
    return records, failed


def load_benchmark(path: Path) -> ModuleType:
    """The module of one benchmark file."""
    spec = importlib.util.spec_from_file_location(f"noetra_bench_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def table_of(records: list[BenchRecord]) -> Table:
    """The records for a person."""
    table = Table(title=records[0].machine if records else None, title_justify="left")
    for heading, justify in (
        ("name", "left"), ("value", "right"), ("p50", "right"), ("p99", "right"), ("n", "right"),
        ("against", "left"), ("ratio", "right"),
    ):  # fmt: skip
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for r in records:
        numbers = [number_words(v, r.unit) for v in (r.value, r.p50, r.p99)]
        table.add_row(r.name, *numbers, str(r.n), r.against or "–", number_words(r.ratio))
    return table


def _chosen(files: dict[str, Path], only: list[str] | None) -> list[str]:
    unknown = [name for name in only or [] if name not in files]
    if unknown:
        raise single_fault("noetra bench", "--only", repr(unknown[0]), f"one of {', '.join(files)}")
    return only or list(files)


def _reporter(update: Callable[[str], None], name: str) -> Callable[[str], None]:
    return lambda words: update(f"[bold]{name}[/bold] {words}")


def _has_run(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in tree.body)


def _title(path: Path) -> str:
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return words.partition("\n")[0]
