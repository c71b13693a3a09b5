"""Train a flow-matching policy with the eyes of a trained noetra_nano."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noetra_ros.core.errors import single_fault

USUAL_MINUTES = 30.0


def command(
    data: Annotated[list[Path], typer.Option(help="Folder of demonstrations; may be given several times.")],
    out: Annotated[Path, typer.Option(help="Folder for checkpoint, state and plot; goes on where it was.")],
    eyes: Annotated[
        Path | None, typer.Option(help="noetra_nano to take the eyes of; default: shipped.")
    ] = None,
    minutes: Annotated[float, typer.Option(help="How long to train, min; 0 = --steps say.", min=0)] = 0.0,
    steps: Annotated[int, typer.Option(help="Steps in all; 0 = --minutes say.", min=0)] = 0,
    looks: Annotated[int, typer.Option(help="Looks at each decision, each in other light.", min=1)] = 1,
    longest_prefix: Annotated[int, typer.Option(help="Rows of the longest prefix to learn.", min=0)] = 5,
    seed: Annotated[int, typer.Option(help="Seed of weights, batches and augmentation.", min=0)] = 0,
    batch_size: Annotated[int, typer.Option(help="Decisions a step.", min=1)] = 48,
    learning_rate: Annotated[float, typer.Option(help="Highest learning rate.", min=1e-6)] = 2e-3,
    threads: Annotated[int, typer.Option(help="Threads of torch.", min=1)] = 2,
    version: Annotated[str, typer.Option(help="Version to write into the checkpoint.")] = "nano 1",
) -> None:
    """Learn to flow from noise to the expert's answers, and to carry on from a prefix of actions; resumable.

    Eyes are frozen: pictures are looked at once, what was found is kept in --out and learned from many times.
    """
    if steps and minutes:
        raise single_fault("train-flow", "--steps", f"{steps} and --minutes {minutes:g}", "one of the two")
    import torch

    from noetra_ros.cli.training_session import train_at_terminal
    from noetra_ros.policy.checkpoint import SHIPPED_FOLDER, read_config
    from noetra_ros.policy.models.bundle import load_weights
    from noetra_ros.policy.models.noetra.shape import load_shape
    from noetra_ros.policy.training.dataset import load_dataset
    from noetra_ros.policy.training.flow import FlowSettings, FlowTrainer, flow_config
    from noetra_ros.policy.training.seen import look_once

    torch.set_num_threads(threads)
    folder = eyes or SHIPPED_FOLDER / "noetra_nano"
    first = read_config(folder)
    settings = FlowSettings(
        seed=seed,
        steps=steps,
        minutes=minutes if steps or minutes else USUAL_MINUTES,
        batch_size=batch_size,
        learning_rate=learning_rate,
        warm_up_steps=50,
        average_memory=0.99,
        check_every_steps=100,
        longest_prefix=longest_prefix,
    )
    config = flow_config(first, load_shape("nano"), settings, version)
    history = train_at_terminal(
        lambda show: look_once(lambda: load_dataset(tuple(data)), folder, out, looks, seed, show),
        lambda seen: FlowTrainer(seen, load_weights(folder, first), config, settings, out),
        out,
        f"noetra {version}",
        "squared error of the flow; kept back: L1 of chunks, in spreads of the way",
    )
    typer.echo(f"{out}: {history.step} steps, {history.elapsed_s / 60:.1f} min")
