"""Finds the Python that has LeRobot: it pins other versions of torch and numpy and lives apart."""

from __future__ import annotations

import os
from pathlib import Path

from noetra_ros.core.errors import single_fault

PYTHON_VARIABLE = "NOETRA_LEROBOT_PYTHON"
PACKAGES = "lerobot[smolvla,pi,diffusion]>=0.4.4,<0.7"


def own_environment() -> Path:
    """Folder where the environment is looked for when nothing else is said."""
    data_home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data_home) / "noetra" / "lerobot"


def install_command() -> str:
    """What makes that environment. LeRobot from 0.5 on wants Python 3.12."""
    folder = own_environment()
    return f"uv venv --python 3.12 {folder} && uv pip install --python {folder}/bin/python '{PACKAGES}'"


def find_python() -> Path:
    """The interpreter to run LeRobot with.

    Raises:
        ConfigError: none where one is looked for; names the command that makes it.
    """
    named = os.environ.get(PYTHON_VARIABLE, "")
    python = Path(named) if named else own_environment() / "bin" / "python"
    if not python.is_file():
        remedy = f"{install_command()}; or set {PYTHON_VARIABLE} to the Python that you trained with"
        raise single_fault("policy lerobot", "environment", f"no {python}", "a Python with lerobot", remedy)
    return python
