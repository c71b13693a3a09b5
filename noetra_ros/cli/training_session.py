"""One run of training at a terminal: reads its data, trains with a progress bar, draws the losses."""

from __future__ import annotations

from collections.abc import Callable, Sized
from pathlib import Path
from typing import Protocol, TypeVar

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from noetra_ros.learning.plot import plot_losses
from noetra_ros.learning.run import OnStep
from noetra_ros.learning.state import History

LOSSES_FILE = "losses.png"

Data = TypeVar("Data", bound=Sized)
OnRead = Callable[[int, int], None]


class Resumable(Protocol):
    """A training run."""

    def run(self, on_step: OnStep | None = None) -> History:
        """Train to the end."""


def train_at_terminal(
    load: Callable[[OnRead], Data], start: Callable[[Data], Resumable], out: Path, title: str, unit: str
) -> History:
    """Train, showing progress.

    Args:
        load: reads the data, telling files read and files in all.
        start: begins a run on them, or takes up an earlier one.
        out: where the plot goes.
        title: of the plot.
        unit: of the loss.

    Raises:
        ConfigError: data, checkpoint or an earlier state that do not fit.
    """
    with _progress() as progress:
        reading = progress.add_task("reading", total=None, note="")

        def show_reading(done: int, total: int) -> None:
            progress.update(reading, completed=done, total=total, note=f"{done} of {total} files")

        data = load(show_reading)
        run = start(data)
        bar = progress.add_task("training", total=1.0, note="")

        def show(history: History, loss: float, share: float) -> None:
            kept_back = f", kept-back {history.checks[-1]:.4f}" if history.checks else ""
            note = f"step {history.step}, loss {loss:.4f}{kept_back}"
            progress.update(bar, completed=min(share, 1.0), note=note)

        history = run.run(show)
        progress.update(bar, completed=1.0)
    plot_losses(history, out / LOSSES_FILE, f"{title}: {len(data)} examples", unit)
    return history


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
