"""Train a corrector of a slow policy's chunks with the eyes of noetra_nano; makes its episodes first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noetra_ros.cli.corrections import FIRST_SEED, Making, make_corrections
from noetra_ros.core.errors import single_fault
from noetra_ros.policy.checkpoint import SHIPPED_FOLDER, read_config

if TYPE_CHECKING:
    from noetra_ros.learning.state import History
    from noetra_ros.policy.training.corrector import CorrectorSettings

USUAL_STEPS = 20_000
EPISODES_FOLDER = "episodes"


def command(
    out: Annotated[Path, typer.Option(help="Folder for checkpoint, state and plot; goes on where it was.")],
    data: Annotated[
        list[Path] | None, typer.Option(help="Folder of `noetra corrections`; default: made in --out first.")
    ] = None,
    episodes: Annotated[int, typer.Option(help="Episodes to make where --data is not given.", min=1)] = 700,
    processes: Annotated[int, typer.Option(help="Worker processes that make them.", min=1)] = 2,
    eyes: Annotated[
        Path | None, typer.Option(help="noetra_nano to take the eyes of; default: shipped.")
    ] = None,
    minutes: Annotated[float, typer.Option(help="How long to train, min; 0 = --steps say.", min=0)] = 0.0,
    steps: Annotated[int, typer.Option(help="Steps in all; 0 = --minutes say.", min=0)] = 0,
    looks: Annotated[int, typer.Option(help="Looks at each picture, each in other light.", min=1)] = 1,
    limit_rad: Annotated[float, typer.Option(help="Largest correction of a joint, rad.", min=0.01)] = 0.4,
    ignore_rad: Annotated[float, typer.Option(help="Smaller corrections are left out, rad.", min=0)] = 0.05,
    rate_hz: Annotated[float, typer.Option(help="Looks a second that it declares.", min=1)] = 50.0,
    latency_s: Annotated[float, typer.Option(help="Latency that it declares, s.", min=0)] = 0.01,
    seed: Annotated[int, typer.Option(help="Seed of weights, batches and augmentation.", min=0)] = 0,
    batch_size: Annotated[int, typer.Option(help="Looks a step.", min=1)] = 256,
    learning_rate: Annotated[float, typer.Option(help="Highest learning rate.", min=1e-6)] = 1e-3,
    threads: Annotated[int, typer.Option(help="Threads of torch.", min=1)] = 1,
    version: Annotated[str, typer.Option(help="Version to write into the checkpoint.")] = "1",
) -> None:
    """Learn where the expert would go from here, given what is seen and what the followed chunk has in mind.

    Eyes are frozen: pictures are looked at once, what was found is kept in --out and learned from many times.
    """
    if steps and minutes:
        raise single_fault(
            "train-corrector", "--steps", f"{steps} and --minutes {minutes:g}", "one of the two"
        )
    import torch

    from noetra_ros.policy.training.corrector import CorrectorSettings

    torch.set_num_threads(threads)
    folders = tuple(data or (out / EPISODES_FOLDER,))
    if data is None:
        make_corrections(Making(folders[0], episodes=episodes, seed=FIRST_SEED, processes=processes))
    settings = CorrectorSettings(
        seed=seed,
        steps=steps or (0 if minutes else USUAL_STEPS),
        minutes=minutes,
        batch_size=batch_size,
        learning_rate=learning_rate,
        weight_decay=0.1,
        check_every_steps=1000,
    )
    job = _Job(folders, eyes or SHIPPED_FOLDER / "noetra_nano", out, looks, version)
    history = _train(job, settings, (limit_rad, ignore_rad), (rate_hz, latency_s))
    kept_back = f"kept-back {history.checks[-1]:.4f}"
    typer.echo(f"{out}: {history.step} steps, {history.elapsed_s / 60:.1f} min, {kept_back}")


@dataclass(frozen=True)
class _Job:
    """From which folders to which."""

    folders: tuple[Path, ...]
    eyes: Path
    out: Path
    looks: int
    version: str


def _train(
    job: _Job, settings: CorrectorSettings, bounds_rad: tuple[float, float], timing: tuple[float, float]
) -> History:
    from noetra_ros.cli.training_session import train_at_terminal
    from noetra_ros.policy.models.bundle import load_weights
    from noetra_ros.policy.training.corrector import CorrectorTrainer, corrector_sheet, load_told
    from noetra_ros.policy.training.dataset import load_dataset
    from noetra_ros.policy.training.seen import look_once

    first, dataset = read_config(job.eyes), load_dataset(job.folders)
    sheet = corrector_sheet(first, dataset, settings, job.version, bounds_rad, timing)
    told = load_told(dataset, job.folders)
    return train_at_terminal(
        lambda show: look_once(lambda: dataset, job.eyes, job.out, job.looks, settings.seed, show),
        lambda seen: CorrectorTrainer(seen, told, load_weights(job.eyes, first), sheet, settings, job.out),
        job.out,
        f"noetra_nano_corrector {job.version}",
        "L1, in spreads of the way",
    )
