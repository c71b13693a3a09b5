"""Train noetra_nano from demonstrations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from noetra_ros.core.errors import single_fault


def command(
    data: Annotated[list[Path], typer.Option(help="Folder of demonstrations; may be given several times.")],
    out: Annotated[Path, typer.Option(help="Folder for checkpoint, state and plot; goes on where it was.")],
    minutes: Annotated[float, typer.Option(help="How long to train, min; 0 = --steps say.", min=0)] = 0.0,
    steps: Annotated[int, typer.Option(help="Steps in all; 0 = --minutes say.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="Seed of weights, batches and augmentation.", min=0)] = 0,
    batch_size: Annotated[int, typer.Option(help="Decisions a step.", min=1)] = 64,
    learning_rate: Annotated[float, typer.Option(help="Highest learning rate.", min=1e-6)] = 1e-3,
    threads: Annotated[int, typer.Option(help="Threads of torch.", min=1)] = 2,
    version: Annotated[str, typer.Option(help="Version to write into the checkpoint.")] = "1",
    start_from: Annotated[Path | None, typer.Option(help="Checkpoint whose weights to start from.")] = None,
    check: Annotated[int, typer.Option(help="Simulated episodes of each task afterwards.", min=0)] = 0,
) -> None:
    """Learn to answer pictures, joints and a sentence as the expert did; resumable at any time.

    The checkpoint in --out is usable at any moment. Without --minutes and --steps: 30 minutes.
    """
    if steps and minutes:
        raise single_fault("train", "--steps", f"{steps} and --minutes {minutes:g}", "one of the two")
    import torch

    from noetra_ros.policy.checkpoint import read_config
    from noetra_ros.policy.models.bundle import load_weights
    from noetra_ros.policy.training.loop import Trainer
    from noetra_ros.policy.training.plot import plot_losses
    from noetra_ros.policy.training.prepare import continue_config, make_config
    from noetra_ros.policy.training.settings import TrainingSettings

    torch.set_num_threads(threads)
    settings = TrainingSettings(
        seed=seed,
        steps=steps,
        minutes=minutes if steps or minutes else 30.0,
        batch_size=batch_size,
        learning_rate=learning_rate,
    )
    with _progress() as progress:
        dataset = _load(tuple(data), progress)
        if start_from is None:
            trainer = Trainer(dataset, make_config(dataset, settings, version), settings, out)
        else:
            first = read_config(start_from)
            config = continue_config(first, dataset, settings, version)
            trainer = Trainer(dataset, config, settings, out, load_weights(start_from, first))
        bar = progress.add_task("training", total=1.0, note="")

        def show(history: object, loss: float, share: float) -> None:
            checks = trainer.history.checks
            kept_back = f", kept-back {checks[-1]:.4f}" if checks else ""
            note = f"step {trainer.history.step}, loss {loss:.4f}{kept_back}"
            progress.update(bar, completed=min(share, 1.0), note=note)

        history = trainer.run(show)
        progress.update(bar, completed=1.0)
    plot_losses(history, out / "losses.png", f"noetra_nano {version}: {len(dataset)} decisions")
    typer.echo(
        f"{out}: {history.step} steps, {history.elapsed_s / 60:.1f} min, kept-back {history.checks[-1]:.4f}"
    )
    if check:
        from noetra_ros.cli.plain_check import check_policy, print_checks

        print_checks(check_policy(out, check))


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )


def _load(folders: tuple[Path, ...], progress: Progress):  # type: ignore[no-untyped-def]
    from noetra_ros.policy.training.dataset import load_dataset

    bar = progress.add_task("reading", total=None, note="")

    def show(done: int, total: int) -> None:
        progress.update(bar, completed=done, total=total, note=f"{done} of {total} episodes")

    return load_dataset(folders, show)
