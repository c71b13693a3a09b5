"""Reference of our messages, services and actions: their own comments as tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from noetra_ros.core.markdown import code, plain, table
from noetra_ros.core.resources import share_folder

KINDS = {"msg": ("message",), "srv": ("request", "response"), "action": ("goal", "result", "feedback")}
ENTRY = re.compile(r"^([A-Za-z][\w/]*(?:<=\d+)?(?:\[[^\]]*\])?)\s+(\w+)\s*(?:=\s*([^#]+?))?\s*(?:#\s*(.*))?$")


@dataclass
class Entry:
    """One field or constant of an interface file.

    Attributes:
        kind: its type.
        name: its name.
        value: of a constant; empty for a field.
        meaning: its comment, lines that go on included.
    """

    kind: str
    name: str
    value: str
    meaning: str


def interface_pages(folder: str) -> str:
    """A section for each file of ``msg``, ``srv`` or ``action``, in Markdown."""
    files = sorted((share_folder() / folder).glob(f"*.{folder}"))
    return "\n\n".join(_section(path, KINDS[folder]) for path in files)


def _section(path: Path, titles: tuple[str, ...]) -> str:
    text = path.read_text(encoding="utf-8")
    about = [line.removeprefix("#").strip() for line in text.partition("\n\n")[0].splitlines()]
    parts = [f"## {path.stem}", plain(" ".join(about))]
    bodies = re.split(r"^---$", text.partition("\n\n")[2], flags=re.MULTILINE)
    for title, body in zip(titles, bodies, strict=True):
        entries = read_entries(body)
        if len(titles) > 1:
            parts.append(f"**{title.capitalize()}**" + ("" if entries else ": empty"))
        parts += _tables(entries)
    return "\n\n".join(parts)


def _tables(entries: list[Entry]) -> list[str]:
    fields = [(code(e.name), code(e.kind), plain(e.meaning)) for e in entries if not e.value]
    constants = [(code(e.name), code(e.value), plain(e.meaning)) for e in entries if e.value]
    found = [table(["field", "type", "meaning"], fields)] if fields else []
    return [*found, table(["constant", "value", "meaning"], constants)] if constants else found


def read_entries(body: str) -> list[Entry]:
    """Fields and constants of a part of an interface file; a comment alone on its line goes on."""
    entries: list[Entry] = []
    for line in body.splitlines():
        if found := ENTRY.match(line.strip()):
            kind, name, value, meaning = found.groups()
            entries.append(Entry(kind, name, value or "", meaning or ""))
        elif line.strip().startswith("#") and entries:
            entries[-1].meaning += " " + line.strip().removeprefix("#").strip()
    return entries
