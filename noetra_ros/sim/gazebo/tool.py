"""Asks sdformat itself whether it can read a file: what `gz sdf --check` calls, from the library alone.

Debian and Ubuntu have it as libsdformat12-12 and sdformat-sdf; Gazebo's own packages bring newer ones.
"""

from __future__ import annotations

import ctypes.util
import subprocess
import sys
from pathlib import Path

# In sdformat's src/cmd (`cmdCheck`, of versions 9 and later), which the `gz sdf` and `ign sdf` scripts call.
CHECK = "import ctypes, sys; sys.exit(ctypes.CDLL(sys.argv[1]).cmdCheck(sys.argv[2].encode()) & 0xff)"
VERSIONS = range(20, 11, -1)
MOST_CHARACTERS = 2000  # of its answer, which repeats whole elements


def find_library() -> str | None:
    """File name of the newest sdformat here; None without any. Version 12 is the oldest with SDF 1.9."""
    names = (ctypes.util.find_library(f"sdformat{version}") for version in VERSIONS)
    return next((name for name in names if name is not None), None)


def check_file(path: Path, library: str) -> str:
    """What sdformat has against a file; empty = nothing. In a process of its own: it prints."""
    command = [sys.executable, "-c", CHECK, library, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=path.parent)
    said = (run.stderr + run.stdout).strip()
    if run.returncode == 0 and "Valid." in said and "Error" not in said:
        return ""
    return said[:MOST_CHARACTERS] or f"sdformat ended with {run.returncode}"
