"""Calibrate how far a policy is to be trusted, on good episodes; judge that on episodes made to fail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from noetra_ros.cli.disturbances import DISTURBANCES
from noetra_ros.cli.watched_episodes import Seeing, watched_episodes
from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import CameraFrame, JointState, Observation
from noetra_ros.policy.backend import BackendOptions, create_backend
from noetra_ros.policy.checkpoint import read_config
from noetra_ros.policy.demonstrations import episode_files, read_description, read_episode
from noetra_ros.policy.trust.calibration import calibrate, watch_episode
from noetra_ros.policy.trust.conformal import least_episodes, threshold
from noetra_ros.policy.trust.distance import Array
from noetra_ros.policy.trust.file import read_trust, write_trust
from noetra_ros.policy.trust.watch import TrustModel
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import World, make_world

if TYPE_CHECKING:
    from collections.abc import Callable

CALIBRATION_RUN_SEED, JUDGING_RUN_SEED = 901, 902
ALL = "all failures"
BOUNDS = (0.01, 0.05, 0.10)
MOST_DECISIONS = 20_000


def command(
    checkpoint: Annotated[
        Path, typer.Option(help="Folder of the model; trust.safetensors is written there.")
    ],
    data: Annotated[
        Path | None, typer.Option(help="Folder of demonstrations that it was trained on; not with --keep.")
    ] = None,
    policy: Annotated[str, typer.Option(help="Policy backend.")] = "noetra_nano",
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    episodes: Annotated[int, typer.Option(help="Good episodes to calibrate on.", min=6)] = 160,
    judge: Annotated[int, typer.Option(help="Held-out episodes of each kind to judge by.", min=0)] = 0,
    judge_seed: Annotated[
        int, typer.Option(help="Seed of the judging episodes: one that no choice was made by.", min=0)
    ] = JUDGING_RUN_SEED,
    keep: Annotated[bool, typer.Option("--keep", help="Judge the calibration that is there.")] = False,
) -> None:
    """Trust of a policy: distance of what it sees from training, disagreement of what it says.

    The share of good episodes that raise a false alarm is bounded by conformal prediction.
    """
    if judge_seed == CALIBRATION_RUN_SEED:
        raise single_fault("calibrate", "--judge-seed", judge_seed, "another than calibration's own")
    profile, console = load_robot(robot), Console()
    backend = create_backend(policy, BackendOptions(profile, checkpoint=checkpoint))
    backend.load()
    assert hasattr(backend, "features")
    seeing: Seeing = backend
    world = make_world(profile)
    with console.status("demonstrations") as status:
        if keep:
            model = _kept(checkpoint)
        else:
            training = training_features(seeing, _required(data))
            status.update(f"{episodes} episodes")
            ran = list(watched_episodes(seeing, world, episodes, CALIBRATION_RUN_SEED))
            spread = np.mean(read_config(checkpoint).way_deviation, axis=0)
            model = calibrate(training, [episode for episode, is_good in ran if is_good], spread)
            write_trust(checkpoint, model)
        if judge:
            status.update(f"judging, {judge} episodes of each kind")
            console.print(judged(seeing, world, model, judge, judge_seed))
    console.print(f"{checkpoint}: {len(model.scores)} good episodes calibrate it", soft_wrap=True)


def _required(data: Path | None) -> Path:
    if data is None:
        remedy = "or judge the calibration that is there: --keep"
        raise single_fault("calibrate", "--data", "nothing", "demonstrations that it was trained on", remedy)
    return data


def _kept(checkpoint: Path) -> TrustModel:
    model = read_trust(checkpoint)
    if model is None:
        remedy = "leave out --keep and give --data"
        raise single_fault("calibrate", "--keep", f"no calibration in {checkpoint}", "one", remedy)
    return model


def training_features(backend: Seeing, data: Path) -> Array:
    """(N, f) of demonstrations: what the network saw where it was trained."""
    description, files = read_description(data), episode_files(data)
    rng, found = np.random.default_rng(0), []
    for path in files:
        shown = read_episode(path)
        share = max(1, round(MOST_DECISIONS / len(files)))
        for row in rng.choice(len(shown), min(share, len(shown)), replace=False):
            wordings = description.sentences[str(shown.tasks[row])][str(shown.colours[row])]
            nothing = np.zeros(len(description.joints))
            joints = JointState(0, description.joints, shown.joints[row].astype(float), nothing, nothing)
            frames = {name: CameraFrame(0, name, stack[row]) for name, stack in shown.pictures.items()}
            backend.infer(Observation(0, str(rng.choice(wordings)), joints, frames))
            found.append(np.array(backend.features, dtype=np.float32))
    return np.stack(found)


def judged(backend: Seeing, world: World, model: TrustModel, count: int, run_seed: int) -> Table:
    """False alarms on held-out good episodes and balanced accuracy on failures of each kind and of all."""

    def scores(name: str, is_wanted: Callable[[bool], bool]) -> list[float]:
        ran = watched_episodes(backend, world, count, run_seed, DISTURBANCES.get(name))
        return [watch_episode(model, episode)[0] for episode, is_good in ran if is_wanted(is_good)]

    good = scores("", lambda is_good: is_good)
    failed = {name: scores(name, lambda is_good: not is_good) for name in DISTURBANCES}
    failed[ALL] = [score for group in failed.values() for score in group]
    table = Table("bound", "false alarms", *(f"{name}: noticed, balanced" for name in failed))
    for bound in BOUNDS:
        if len(model.scores) < least_episodes(bound):
            continue
        limit = threshold(model.scores, bound)
        false = [score > limit for score in good]
        cells = [
            _cell([score > limit for score in group], float(np.mean(false))) for group in failed.values()
        ]
        table.add_row(f"{100 * bound:g} %", f"{sum(false)} of {len(false)}", *cells)
    return table


def _cell(noticed: list[bool], false_share: float) -> str:
    if not noticed:
        return "no failure"
    balanced = 0.5 * (float(np.mean(noticed)) + 1.0 - false_share)
    return f"{sum(noticed)} of {len(noticed)}, {balanced:.3f}"
