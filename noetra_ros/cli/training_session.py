"""One run of training at a terminal: reads demonstrations, trains with a progress bar, draws the losses."""

from __future__ import annotations

from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from noetra_ros.learning.plot import plot_losses
from noetra_ros.learning.state import History
from noetra_ros.policy.checkpoint import read_config
from noetra_ros.policy.models.bundle import load_weights
from noetra_ros.policy.training.dataset import Dataset, load_dataset
from noetra_ros.policy.training.loop import Trainer
from noetra_ros.policy.training.prepare import continue_config, make_config
from noetra_ros.policy.training.settings import TrainingSettings

LOSSES_FILE = "losses.png"
LOSS_UNIT = "L1, in spreads of the way"


def train_at_terminal(
    folders: tuple[Path, ...], out: Path, settings: TrainingSettings, version: str, start_from: Path | None
) -> History:
    """Train, showing progress.

    Args:
        folders: of demonstrations.
        out: for checkpoint, state and plot.
        settings: of the run.
        version: written into the checkpoint.
        start_from: checkpoint whose weights, words and normalisation to go on with; None = anew.

    Raises:
        ConfigError: demonstrations, checkpoint or an earlier state in `out` that do not fit.
    """
    with _progress() as progress:
        dataset = _load(folders, progress)
        trainer = _trainer(dataset, settings, out, version, start_from)
        bar = progress.add_task("training", total=1.0, note="")

        def show(history: History, loss: float, share: float) -> None:
            kept_back = f", kept-back {history.checks[-1]:.4f}" if history.checks else ""
            note = f"step {history.step}, loss {loss:.4f}{kept_back}"
            progress.update(bar, completed=min(share, 1.0), note=note)

        history = trainer.run(show)
        progress.update(bar, completed=1.0)
    plot_losses(history, out / LOSSES_FILE, f"noetra_nano {version}: {len(dataset)} decisions", LOSS_UNIT)
    return history


def _trainer(
    dataset: Dataset, settings: TrainingSettings, out: Path, version: str, start_from: Path | None
) -> Trainer:
    if start_from is None:
        return Trainer(dataset, make_config(dataset, settings, version), settings, out)
    first = read_config(start_from)
    config = continue_config(first, dataset, settings, version)
    return Trainer(dataset, config, settings, out, load_weights(start_from, first))


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )


def _load(folders: tuple[Path, ...], progress: Progress) -> Dataset:
    bar = progress.add_task("reading", total=None, note="")

    def show(done: int, total: int) -> None:
        progress.update(bar, completed=done, total=total, note=f"{done} of {total} episodes")

    return load_dataset(folders, show)
