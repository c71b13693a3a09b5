"""A folder of incident files that stays within its bounds; the oldest go first."""

from __future__ import annotations

import errno
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

NAME = re.compile(r"\d{8}T\d{6}\.\d{3}Z-[a-z0-9_]+-[a-z0-9_]+\.mcap")
PART = ".part"
SECOND_NS = 1_000_000_000


@dataclass(frozen=True)
class Bounds:
    """What a folder may take.

    Attributes:
        max_bytes: of all incident files together.
        max_files: number of them.
        free_min_bytes: of the disk that stay free for others.
    """

    max_bytes: int
    max_files: int
    free_min_bytes: int


def file_name(utc_ns: int, mode: str, check: str) -> str:
    """``<UTC>-<mode>-<check>.mcap``: names sort by time."""
    moment = datetime.fromtimestamp(utc_ns // SECOND_NS, UTC)
    milliseconds = utc_ns % SECOND_NS // 1_000_000
    words = "-".join(re.sub(r"[^a-z0-9_]", "_", word.lower()) or "unknown" for word in (mode, check))
    return f"{moment:%Y%m%dT%H%M%S}.{milliseconds:03d}Z-{words}.mcap"


def incident_files(folder: Path) -> list[Path]:
    """Files that were written by a black box, oldest first; others in the folder are none of ours."""
    return sorted(path for path in folder.glob("*.mcap") if NAME.fullmatch(path.name))


def require_space(folder: Path, size: int, bounds: Bounds) -> None:
    """See that a file fits on the disk.

    Raises:
        OSError: it does not; ENOSPC.
    """
    free = shutil.disk_usage(folder).free
    if free - size < bounds.free_min_bytes:
        need = (size + bounds.free_min_bytes) / 1e6
        words = f"disk full: {free / 1e6:.1f} MB free, {need:.1f} MB needed, free_min_bytes included"
        raise OSError(errno.ENOSPC, words, str(folder))


def remove_oldest(folder: Path, newest: Path, bounds: Bounds) -> list[Path]:
    """Bring the folder within its bounds; `newest` stays whatever its size.

    Returns:
        What was removed, oldest first.
    """
    files = [path for path in incident_files(folder) if path != newest]
    sizes = {path: path.stat().st_size for path in [*files, newest]}
    removed = []
    while files and (sum(sizes.values()) > bounds.max_bytes or len(sizes) > bounds.max_files):
        oldest = files.pop(0)
        oldest.unlink()
        del sizes[oldest]
        removed.append(oldest)
    return removed


def remove_aged(folder: Path, now: datetime, keep_days: float) -> list[Path]:
    """Remove the files whose stop was longer ago than `keep_days`, by the time in their names.

    Returns:
        What was removed, oldest first.
    """
    before = f"{(now - timedelta(days=keep_days)).astimezone(UTC):%Y%m%dT%H%M%S}"
    aged = [path for path in incident_files(folder) if path.name < before]
    for path in aged:
        path.unlink(missing_ok=True)  # the thread that files incidents makes room, too
    return aged


def remove_parts(folder: Path) -> None:
    """Remove what a power cut left half written."""
    for path in folder.glob(f".*{PART}"):
        if NAME.fullmatch(path.name[1:].removesuffix(PART)):
            path.unlink()
