"""Read a supervisor's audit log: is it whole, what happened, give it to an auditor."""

from __future__ import annotations

import csv
import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from noetra_ros.core.errors import single_fault
from noetra_ros.safety.audit.keys import PublicKey
from noetra_ros.safety.audit.lines import record_of
from noetra_ros.safety.audit.log import PUBLIC_KEY_FILE
from noetra_ros.safety.audit.segments import segments_of
from noetra_ros.safety.audit.verification import AuditVerdict, verify

HIDDEN = ("sequence", "previous", "hash", "kind", "stamp_ns", "utc_ns", "signature", "parameters")
FIRST_COLUMNS = ("sequence", "kind", "stamp_ns", "utc_ns")
COLOURS = {"start": "bold", "mode": "yellow", "checkpoint": "dim", "dropped": "red", "recovered": "red"}


class Act(StrEnum):
    """What to do."""

    verify = "verify"
    show = "show"
    export = "export"


class Form(StrEnum):
    """Of an export."""

    jsonl = "jsonl"
    csv = "csv"


def command(
    act: Annotated[Act, typer.Argument(help="verify: is it whole; show: for reading; export: as one file.")],
    folder: Annotated[Path, typer.Argument(help="The log: the folder that audit_path names.")],
    key: Annotated[
        Path | None,
        typer.Option(help="Public key of the machine, kept elsewhere; without it the one beside the log."),
    ] = None,
    last: Annotated[int, typer.Option(min=1, help="show: how many records, the newest ones.")] = 40,
    kind: Annotated[
        list[str] | None, typer.Option(help="show, export: only records of this kind; once for each.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="export: file; without it the terminal.")] = None,
    form: Annotated[Form, typer.Option(help="export: form of the file.")] = Form.jsonl,
) -> None:
    """Every use verifies first, and says what it found; ends with code 1 where the log is not whole."""
    if not segments_of(folder):
        raise single_fault("audit log", "folder", str(folder), "a folder with files audit-000001.jsonl, ...")
    public = PublicKey.read(key or folder / PUBLIC_KEY_FILE)
    verdict = verify(folder, public)
    console = Console(stderr=act is Act.export, highlight=False)
    _tell(console, verdict, public, key is None)
    records = _records(folder, kind or ())
    if act is Act.show:
        for record in deque(records, maxlen=last):
            console.print(
                _line(record), style=COLOURS.get(str(record.get("kind")), ""), markup=False, soft_wrap=True
            )
    if act is Act.export:
        _export(records, out, form)
    if verdict.fault is not None:
        raise typer.Exit(1)


def _tell(console: Console, verdict: AuditVerdict, key: PublicKey, is_own_key: bool) -> None:
    if verdict.fault is not None:
        console.print(f"NOT WHOLE  {verdict.fault}", style="red", markup=False, soft_wrap=True)
        return
    end = "ended in order" if verdict.is_ended else f"{verdict.unsigned} records after the last signature"
    counts = f"{verdict.records} records, {verdict.checkpoints} signed checkpoints, {end}"
    console.print(f"whole      {counts}; key {key.fingerprint}", style="green", markup=False, soft_wrap=True)
    if is_own_key:
        words = f"the key lies beside the log: compare {key.fingerprint} with what was noted when it was made"
        console.print(f"           {words}", style="yellow", markup=False, soft_wrap=True)


def _records(folder: Path, kinds: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Every record that can be read."""
    wanted = set(kinds)
    for segment in segments_of(folder):
        for line in segment.lines():
            try:
                record = record_of(line)
            except ValueError:
                continue
            if not wanted or record.get("kind") in wanted:
                yield record


def _line(record: Mapping[str, Any]) -> str:
    """One record for reading."""
    rest = {name: value for name, value in record.items() if name not in HIDDEN and value not in ("", None)}
    words = "  ".join(f"{name} {value}" for name, value in rest.items())
    return f"{record.get('sequence', '?'):>7}  {_when(record):<23}  {record.get('kind', '?'):<10}  {words}"


def _when(record: Mapping[str, Any]) -> str:
    stamp_ns = record.get("utc_ns") or record.get("stamp_ns") or 0
    if not isinstance(stamp_ns, int) or stamp_ns < 10**18:  # simulated time
        return f"{(stamp_ns if isinstance(stamp_ns, int) else 0) * 1e-9:.3f} s"
    return datetime.fromtimestamp(stamp_ns * 1e-9, UTC).isoformat(" ", "milliseconds").removesuffix("+00:00")


def _export(records: Iterator[dict[str, Any]], out: Path | None, form: Form) -> None:
    """All records as one file; hashes and signatures included."""
    file = out.open("w", encoding="utf-8", newline="") if out is not None else sys.stdout
    try:
        if form is Form.jsonl:
            file.writelines(json.dumps(record) + "\n" for record in records)
            return
        rows = list(records)
        names = dict.fromkeys([*FIRST_COLUMNS, *(name for row in rows for name in row)])
        writer = csv.DictWriter(file, list(names))
        writer.writeheader()
        writer.writerows(rows)
    finally:
        if out is not None:
            file.close()
