"""Markdown that is written by code: tables, and plain text of which no character is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MARKUP = re.compile(r"(<(?=[A-Za-z/!?])|[\\*|`\[\]])")


def plain(text: str) -> str:
    """A plain text as Markdown that reads the same; what stands between backticks stays code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is one, and no code
        return MARKUP.sub(r"\\\1", text)
    return "`".join(
        part.replace("|", r"\|") if index % 2 else MARKUP.sub(r"\\\1", part)
        for index, part in enumerate(parts)
    )


def code(text: str) -> str:
    """A text as code within a cell; nothing for an empty one."""
    return f"`{text}`".replace("|", r"\|") if text else ""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, its cells Markdown already.

    Args:
        header: titles of the columns.
        rows: as many cells each.
    """
    lines = [f"| {' | '.join(header)} |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(" ".join(cell.split()) for cell in row) + " |" for row in rows]
    return "\n".join(line.replace("|  |", "| |").replace("|  |", "| |") for line in lines)
