"""Shared memory of killed processes: Fast DDS gives its segments back only at an orderly end."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

FOLDER = Path("/dev/shm")
SEGMENT = re.compile(r"fastdds_[0-9a-f]{16}")  # 16 MB each; locks and ports are small and stay
YOUNG_S = 10.0  # a process may have made it and not mapped it yet


def remove_left_segments(folder: Path = FOLDER) -> int:
    """Remove this user's Fast DDS segments that no process has mapped.

    Args:
        folder: where shared memory lives.

    Returns:
        Bytes given back; 0 where there is no such folder.
    """
    left = [path for path in folder.glob("fastdds_*") if SEGMENT.fullmatch(path.name)]
    mapped = _mapped_files() if left else set()
    return sum(_remove(path) for path in left if str(path) not in mapped)


def _mapped_files() -> set[str]:
    """Files that processes have mapped; those of other users cannot be seen, nor are they ours to remove."""
    found: set[str] = set()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        try:
            lines = maps.read_text(errors="replace").splitlines()
        except OSError:  # it has ended, or is another user's
            continue
        found.update(line.split(maxsplit=5)[-1] for line in lines if "/" in line)
    return found


def _remove(path: Path) -> int:
    try:
        about = path.stat()
        if about.st_uid != os.getuid() or time.time() - about.st_mtime < YOUNG_S:
            return 0
        path.unlink()
    except OSError:  # somebody else was faster
        return 0
    return about.st_size
