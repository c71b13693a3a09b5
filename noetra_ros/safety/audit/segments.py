"""The files of an audit log: numbered, one after the other; old ones go when their time is over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from noetra_ros.safety.audit.lines import record_of

PATTERN = "audit-*.jsonl"
DAY_NS = 86_400 * 1_000_000_000
# How long records are kept, days: the logs of a high-risk AI system at least six months (EU AI Act, Art. 19).
RETENTION_DAYS = {"6_months": 184, "1_year": 366, "5_years": 1827}


@dataclass(frozen=True, order=True)
class Segment:
    """One file.

    Attributes:
        number: from 1.
        path: file.
    """

    number: int
    path: Path

    def lines(self) -> list[bytes]:
        """All lines, line ends kept; the last one may be torn."""
        return self.path.read_bytes().splitlines(keepends=True)

    def last_utc_ns(self) -> int:
        """When it was closed; 0 = it does not say."""
        lines = self.lines()
        try:
            return int(record_of(lines[-1])["utc_ns"]) if lines else 0
        except (ValueError, KeyError, TypeError):
            return 0


def segment_path(folder: Path, number: int) -> Path:
    """File of a segment."""
    return folder / f"audit-{number:06d}.jsonl"


def segments_of(folder: Path) -> list[Segment]:
    """All that are there, in order."""
    found = []
    for path in folder.glob(PATTERN):
        digits = path.stem.partition("-")[2]
        if digits.isdigit():
            found.append(Segment(int(digits), path))
    return sorted(found)


def outdated(segments: list[Segment], now_utc_ns: int, days: int) -> list[Segment]:
    """The first segments of which every record is older than `days`; never the last one."""
    old = []
    for segment in segments[:-1]:
        closed_ns = segment.last_utc_ns()
        if not closed_ns or now_utc_ns - closed_ns <= days * DAY_NS:
            break
        old.append(segment)
    return old
