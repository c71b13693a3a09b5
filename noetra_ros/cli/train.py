"""Train noetra_nano from demonstrations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noetra_ros.core.errors import single_fault

USUAL_MINUTES = 30.0


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

    from noetra_ros.cli.training_session import train_at_terminal
    from noetra_ros.policy.training.dataset import load_dataset
    from noetra_ros.policy.training.loop import start_trainer
    from noetra_ros.policy.training.settings import TrainingSettings

    torch.set_num_threads(threads)
    length = minutes if steps or minutes else USUAL_MINUTES
    settings = TrainingSettings(seed, steps, length, batch_size, learning_rate)
    history = train_at_terminal(
        lambda show: load_dataset(tuple(data), show),
        lambda dataset: start_trainer(dataset, settings, out, version, start_from),
        out,
        f"noetra_nano {version}",
        "L1, in spreads of the way",
    )
    typer.echo(f"{out}: {history.step} steps, {history.elapsed_s / 60:.1f} min")
    if check:
        _check(out, check)


def _check(out: Path, episodes: int) -> None:
    from noetra_ros.cli.plain_check import check_policy, print_checks

    print_checks(check_policy(out, episodes))
