"""Prove that a model fits a robot: cameras, resizing, joints, units, rates, statistics, latency."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from noetra_ros.policy.preflight import Comparison, preflight
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.ros.policy_loading import PolicyChoice, build_policy, loaded_latency_s, serving_of

FITS, UNKNOWN, MISMATCH = ("fits", "green"), ("not known", "yellow"), ("mismatch", "red")


def command(
    robot: Annotated[str, typer.Option(help="Robot profile: a name in config/robots, or a YAML file.")],
    model: Annotated[
        str,
        typer.Option(help="Backend, or backend:folder of a model, e.g. lerobot:outputs/pretrained_model."),
    ],
    channel: Annotated[str, typer.Option(help="Command channel; empty = the profile's default.")] = "",
    device: Annotated[str, typer.Option(help="Where the model would run: cpu or cuda.")] = "cpu",
    infer_period_s: Annotated[float, typer.Option(help="Time between inferences; 0 = the model's.")] = 0.0,
    calls: Annotated[
        int, typer.Option(min=0, help="Inferences on made-up pictures to measure latency; 0 = do not load.")
    ] = 20,
    simulation: Annotated[bool, typer.Option(help="The robot is simulated.")] = False,
    lock_step: Annotated[bool, typer.Option(help="Simulated time waits for the graph.")] = False,
) -> None:
    """Hold a model against a robot before anything is armed.

    Names every mismatch and its mend. Ends with code 1 if there is one; what model or robot do not say is
    told as not known and does not count.
    """
    policy, _, checkpoint = model.partition(":")
    choice = PolicyChoice(
        robot=robot,
        policy=policy,
        checkpoint=checkpoint,
        channel=channel,
        device=device,
        infer_period_s=infer_period_s,
        preflight_calls=calls,
        lock_step=lock_step,
    )
    built = build_policy(choice, simulation)
    serving = serving_of(choice, built.profile, simulation)
    found = preflight(built.backend.spec, serving)
    if calls and not faults_in(found):
        worker = InferenceWorker()
        try:
            latency_s = loaded_latency_s(choice, built, worker)
        finally:
            worker.close()
        found = preflight(built.backend.spec, dataclasses.replace(serving, latency_s=latency_s))
    console = Console()
    console.print(f"{built.backend.spec.model} on {built.profile.name}", style="bold")
    console.print(findings_table(found))
    verdict(console, found)


def verdict(console: Console, found: Mapping[str, Comparison]) -> None:
    """The last line, and the exit code."""
    unknown = sum(len(comparison.unknown) for comparison in found.values())
    note = f"; {unknown} not known" if unknown else ""
    if count := faults_in(found):
        console.print(f"refused: {count} mismatch{'es' if count > 1 else ''}{note}", style="red")
        raise typer.Exit(1)
    console.print(f"fits{note}", style="green")


def faults_in(found: Mapping[str, Comparison]) -> int:
    """Number of mismatches."""
    return sum(len(comparison.faults) for comparison in found.values())


def findings_table(found: Mapping[str, Comparison]) -> Table:
    """What every check has found, for the terminal; a check without cause has no row."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("check", "state", "found", "what to do"):
        table.add_column(title, overflow="fold")
    for name, comparison in found.items():
        rows = [(FITS, words, "") for words in comparison.same]
        rows += [(UNKNOWN, words, "") for words in comparison.unknown]
        rows += [(MISMATCH, f"{f.key}: {f.got}, expected {f.expected}", f.remedy) for f in comparison.faults]
        for (word, style), words, remedy in rows:
            table.add_row(name, f"[{style}]{word}[/]", words, remedy)
    return table
