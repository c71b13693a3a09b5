"""Asks sdformat itself whether it can read a file: what `gz sdf --check` calls, from the library alone.

Debian 12 has it as libsdformat12-12 with sdformat-sdf. Versions 12 to 14 have the entry (gazebosim/sdformat,
src/ign.cc in sdf12, src/gz.cc in sdf14); later ones keep it in a program: run `gz sdf --check FILE` there.
"""

from __future__ import annotations

import ctypes.util
import subprocess
import sys
from pathlib import Path

CHECK = "import ctypes, sys; sys.exit(ctypes.CDLL(sys.argv[1]).cmdCheck(sys.argv[2].encode()) & 0xff)"
VERSIONS = (14, 13, 12)
MOST_CHARACTERS = 2000  # of its answer, which repeats whole elements


def find_library() -> str | None:
    """File name of the newest sdformat here that can be asked; None without any."""
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
