"""A fresh Python with a kernel of choice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from noetra_ros.safety.kernel import CHOICE, FOLDER

ROOT = Path(__file__).resolve().parents[2]


def run(
    command: Sequence[str], kernel: str, folder: Path, tree: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Python with a command line, the package of `tree`, and machine code that lies in `folder`."""
    environ = {**os.environ, CHOICE: kernel, FOLDER: str(folder), "PYTHONPATH": str(tree)}
    line = [sys.executable, *command]
    return subprocess.run(line, env=environ, cwd=tree, capture_output=True, text=True, timeout=500)
