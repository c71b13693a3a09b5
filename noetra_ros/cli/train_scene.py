"""Train noetra_scene, the detector, from rendered scenes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noetra_ros.core.errors import single_fault

USUAL_MINUTES = 15.0


def command(
    data: Annotated[Path, typer.Option(help="Folder of scenes, made by noetra scenes.")],
    out: Annotated[Path, typer.Option(help="Folder for checkpoint, state and plot; goes on where it was.")],
    minutes: Annotated[float, typer.Option(help="How long to train, min; 0 = --steps say.", min=0)] = 0.0,
    steps: Annotated[int, typer.Option(help="Steps in all; 0 = --minutes say.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="Seed of weights, batches and augmentation.", min=0)] = 0,
    batch_size: Annotated[int, typer.Option(help="Pictures of the smallest size a step.", min=1)] = 24,
    learning_rate: Annotated[float, typer.Option(help="Highest learning rate.", min=1e-6)] = 2e-3,
    threads: Annotated[int, typer.Option(help="Threads of torch.", min=1)] = 1,
    version: Annotated[str, typer.Option(help="Version to write into the checkpoint.")] = "1",
    start_from: Annotated[Path | None, typer.Option(help="Checkpoint whose weights to start from.")] = None,
) -> None:
    """Learn what each pixel shows and where things have their centres; resumable at any time.

    The checkpoint in --out is usable at any moment. Without --minutes and --steps: 15 minutes.
    """
    if steps and minutes:
        raise single_fault("train-scene", "--steps", f"{steps} and --minutes {minutes:g}", "one of the two")
    import torch

    from noetra_ros.cli.training_session import train_at_terminal
    from noetra_ros.perception.training.dataset import load_scenes
    from noetra_ros.perception.training.lesson import start_run
    from noetra_ros.perception.training.settings import SceneSettings

    torch.set_num_threads(threads)
    settings = SceneSettings(
        seed=seed,
        steps=steps,
        minutes=minutes or (0.0 if steps else USUAL_MINUTES),
        batch_size=batch_size,
        learning_rate=learning_rate,
    )
    history = train_at_terminal(
        lambda show: load_scenes(data, show),
        lambda scenes: start_run(scenes, settings, out, version, start_from),
        out,
        f"noetra_scene {version}",
        "classes + centres + votes",
    )
    typer.echo(f"{out}: {history.step} steps, {history.elapsed_s / 60:.1f} min")
