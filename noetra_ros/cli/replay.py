"""Replay a supervisor's recorded calls: does it decide the same again, bit for bit?"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console

from noetra_ros.core.errors import NoetraError, single_fault
from noetra_ros.core.resources import config_file
from noetra_ros.safety.replay.files import files_of
from noetra_ros.safety.replay.header import Header, sha256
from noetra_ros.safety.replay.reading import Recording
from noetra_ros.safety.replay.replaying import Replayed, rebuild, replay


def command(
    path: Annotated[
        Path, typer.Argument(help="A file calls-<UTC>-<number>.msgpack.gz, or the folder of replay_path.")
    ],
    setting: Annotated[
        list[str] | None,
        typer.Option(help="name=value in place of a recorded setting: what would it have done? Repeat it."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Go on where version, code, libraries or URDF are not the same.")
    ] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result to this file.")] = None,
) -> None:
    """Builds the supervisor from the file, makes every call again and compares every answer: values, events,
    changes of mode, state, refusals. Each file begins with a state and is replayed by itself.

    Exit code 1: something was decided otherwise, or a file is damaged; 2: it cannot be replayed here.
    """
    console = Console(highlight=False)
    changes = _changes(setting or [])
    results: list[Replayed] = []
    told: set[str] = set()
    for file in _files(path):
        recording = Recording(file)
        _require_same(console, recording.header, force, told)
        _tell_begin(console, recording)
        with console.status("") as status:
            results.append(replay(recording, rebuild(recording, changes), _saying(status.update)))
        _tell(console, results[-1])
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(_plain(results, sorted(told)), indent=1) + "\n", encoding="utf-8")
    raise typer.Exit(0 if all(result.is_equal for result in results) else 1)


def _files(path: Path) -> list[Path]:
    """Raises ConfigError where there are none."""
    if not path.is_dir():
        return [path]
    files = files_of(path)
    if not files:
        raise single_fault(
            "recording", "folder", str(path), "a folder with files calls-<UTC>-<number>.msgpack.gz"
        )
    return files


def _changes(entries: Sequence[str]) -> dict[str, Any]:
    """Settings by name.

    Raises:
        ConfigError: an entry that is not name=value.
    """
    changes: dict[str, Any] = {}
    for entry in entries:
        name, separator, text = entry.partition("=")
        if not separator or not name.isidentifier():
            raise single_fault("noetra replay", "--setting", repr(entry), "name=value")
        changes[name] = yaml.safe_load(text)
    return changes


def _require_same(console: Console, header: Header, force: bool, told: set[str]) -> None:
    """Tell what is not here as it was there, once.

    Args:
        console: to tell on.
        header: of a file.
        force: go on nevertheless.
        told: what was told before; takes what is told now.

    Raises:
        ConfigError: something is, and nobody said to go on.
    """
    differences = header.differences()
    for words in [*differences, *_profile_words(header)]:
        if words not in told:
            told.add(words)
            console.print(f"not the same  {words}", style="yellow", markup=False, soft_wrap=True)
    if differences and not force:
        remedy = "replay it with that version, or go on with --force: what differs then may come from this"
        raise single_fault("replay", "set-up", "; ".join(differences), "what it was recorded with", remedy)


def _profile_words(header: Header) -> list[str]:
    robot = header.set_up.robot
    try:
        data = config_file("robots", robot).read_bytes()
    except (NoetraError, OSError):
        return []
    is_same = sha256(data) == header.set_up.profile_sha256
    return [] if is_same else [f"config/robots/{robot}.yaml; the recorded profile is taken"]


def _tell_begin(console: Console, recording: Recording) -> None:
    header = recording.header
    if header.lost:
        words = f"gap           {header.lost} calls before {recording.path.name} were not recorded: "
        console.print(words + header.lost_why, style="yellow", markup=False, soft_wrap=True)


def _saying(update: Callable[[str], None]) -> Callable[[int], None]:
    return lambda calls: update(f"{calls} calls")


def _tell(console: Console, result: Replayed) -> None:
    counts = f"{result.calls} calls over {_seconds(result.span_s)}, {result.decisions} decisions bit for bit"
    if result.difference is None:
        console.print(f"equal         {result.path.name}: {counts}", style="green", soft_wrap=True)
    else:
        _tell_difference(console, result)
    if result.damage:
        words = f"DAMAGED       {result.path.name} after call {result.first_call + result.calls}: "
        console.print(words + result.damage, style="red", markup=False, soft_wrap=True)
    elif result.difference is None and not result.end:
        words = "no end        it is still being written, or was cut off (power cut); what came after is lost"
        console.print(words, style="yellow", markup=False, soft_wrap=True)


def _tell_difference(console: Console, result: Replayed) -> None:
    found = result.difference
    assert found is not None, "the caller looks"
    place = f"call {found.number} ({found.call}) at {_seconds(found.time_s)}"
    before = f"{result.calls - 1} calls and {result.decisions} decisions before it are equal"
    console.print(f"DIFFERENT     {result.path.name}: {place}; {before}", style="red", soft_wrap=True)
    for line in (f"given {found.arguments}", *found.words):
        console.print(f"              {line}", markup=False, soft_wrap=True)


def _seconds(time_s: float) -> str:
    return "no time" if math.isnan(time_s) else f"{time_s:.3f} s"


def _plain(results: Sequence[Replayed], not_the_same: Sequence[str]) -> Mapping[str, Any]:
    """For programs."""
    files = [
        {
            **asdict(result),
            "path": str(result.path),
            "span_s": None if math.isnan(result.span_s) else result.span_s,
            "difference": _plain_difference(result),
        }
        for result in results
    ]
    return {
        "is_equal": all(result.is_equal for result in results),
        "calls": sum(result.calls for result in results),
        "decisions": sum(result.decisions for result in results),
        "not_the_same": list(not_the_same),
        "files": files,
    }


def _plain_difference(result: Replayed) -> dict[str, Any] | None:
    found = result.difference
    if found is None:
        return None
    return {**asdict(found), "time_s": None if math.isnan(found.time_s) else found.time_s}
