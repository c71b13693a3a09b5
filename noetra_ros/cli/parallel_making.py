"""Makes many things from seeds in worker processes, each with its own simulated world."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Protocol, TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Job = TypeVar("Job")


class Worker(Protocol):
    """Lives in one process; built once from a job."""

    def make(self, seed: int) -> bool:
        """Make what belongs to a seed and write it; whether it came out well."""


_worker: Worker | None = None


def make_all(
    worker_of: Callable[[Job], Worker], job: Job, seeds: Sequence[int], processes: int
) -> Iterator[bool]:
    """Yields for each seed what `Worker.make` says.

    Args:
        worker_of: builds a worker; a function or class of a module, since it is sent by name.
        job: what it is built from; small, because it is sent to each process.
        seeds: to make.
        processes: how many work side by side; 1 = this one alone.
    """
    if processes == 1 or len(seeds) < 2:
        worker = worker_of(job) if seeds else None
        yield from (worker.make(seed) for seed in seeds if worker is not None)
        return
    context = multiprocessing.get_context("spawn")  # a forked OpenGL context does not work
    with ProcessPoolExecutor(processes, context, _start, (worker_of, job)) as pool:
        yield from pool.map(_make, seeds)


def counting_progress() -> Progress:
    """Bar with a count, the time that is left and a note."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )


def _start(worker_of: Callable[[Job], Worker], job: Job) -> None:
    global _worker
    _worker = worker_of(job)


def _make(seed: int) -> bool:
    assert _worker is not None
    return _worker.make(seed)
