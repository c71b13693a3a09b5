"""One thing that the oracle does not accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Finding:
    """A rule that was broken.

    Attributes:
        rule: which.
        row: index of the call in the record of the episode.
        subject: axis, check or source.
        measured: the number, in the unit that the rule names; NaN = none.
        limit: what it was held against.
    """

    rule: str
    row: int
    subject: str
    measured: float = float("nan")
    limit: float = float("nan")


def found_where(
    rule: str,
    is_broken: Any,
    subject: str | Sequence[str],
    rows: Any = None,
    measured: Any = None,
    limit: Any = None,
) -> list[Finding]:
    """The first row that breaks a rule, for each column; one finding stands for all rows of its kind.

    Args:
        rule: its name.
        is_broken: (k,) or (k, d) bool.
        subject: name, or (d) names of the columns.
        rows: (k,) index in the record; None = k is that index.
        measured: like `is_broken`, numbers; None = none.
        limit: broadcast to it.
    """
    broken = np.asarray(is_broken)
    if not broken.any():
        return []
    columns = [subject] if isinstance(subject, str) else list(subject)
    table = broken.reshape(len(broken), -1)
    numbers, bound = (
        np.broadcast_to(np.nan if x is None else np.asarray(x, dtype=float), broken.shape).reshape(
            table.shape
        )
        for x in (measured, limit)
    )
    found = []
    for column in np.flatnonzero(table.any(axis=0)):
        first = int(np.argmax(table[:, column]))
        row = first if rows is None else int(rows[first])
        found.append(
            Finding(rule, row, columns[column], float(numbers[first, column]), float(bound[first, column]))
        )
    return found
