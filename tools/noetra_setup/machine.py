"""What the machine itself must bring: a Python, a compiler, graphics; with the Debian package of each."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WHEEL_PYTHONS = ((3, 12), (3, 11))
PROBE = """
import importlib.util as find, json, pathlib, sys, sysconfig
print(json.dumps({
    "version": list(sys.version_info[:2]),
    "has_venv": all(find.find_spec(name) for name in ("venv", "ensurepip")),
    "has_headers": pathlib.Path(sysconfig.get_path("include"), "Python.h").is_file(),
    "has_rclpy": find.find_spec("rclpy") is not None,
}))
"""


@dataclass(frozen=True)
class Missing:
    """Something that the machine lacks.

    Attributes:
        what: its name.
        why: what it is needed for.
        remedy: what to type or do.
    """

    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"missing: {self.what} ({self.why})\n    {self.remedy}"


@dataclass(frozen=True)
class Interpreter:
    """A Python that was found, with what building messages needs of it."""

    path: Path
    version: tuple[int, int]
    has_venv: bool
    has_headers: bool
    has_rclpy: bool

    @property
    def is_complete(self) -> bool:
        """True: an environment can be made and messages can be built with it."""
        return self.has_venv and self.has_headers


def clean_environ(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Variables for a Python of another environment: those of the present one would mislead it."""
    dropped = ("LD_LIBRARY_PATH", "_ROS_WHEELS_BOOTSTRAP_COMPLETE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {name: value for name, value in environ.items() if name not in dropped}


def probe_python(path: Path, environ: Mapping[str, str]) -> Interpreter | None:
    """What a Python can do; None if it does not run."""
    try:
        answer = subprocess.run(
            [str(path), "-c", PROBE],
            env=dict(environ),
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        found = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, json.JSONDecodeError):
        return None
    found["version"] = tuple(found["version"])
    return Interpreter(path=path, **found)


def candidate_pythons() -> list[Path]:
    """Pythons worth a look, the running one first."""
    versions = [f"{major}.{minor}" for major, minor in WHEEL_PYTHONS]
    named = [shutil.which(name) for name in ["python3", *(f"python{version}" for version in versions)]]
    paths = [Path(sys.executable), *(Path(name) for name in named if name), Path("/usr/bin/python3")]
    for version in versions:
        paths += sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"), reverse=True)
        paths += sorted(
            Path.home().glob(f".local/share/uv/python/cpython-{version}*/bin/python3"), reverse=True
        )
    return list(dict.fromkeys(paths))


def find_wheel_python() -> Interpreter | Missing:
    """A Python that the ROS wheels exist for, with headers and venv."""
    found = [probe_python(path, clean_environ()) for path in candidate_pythons()]
    fitting = [python for python in found if python and python.version in WHEEL_PYTHONS]
    for python in fitting:
        if python.is_complete:
            return python
    if fitting:
        return incomplete_python(fitting[0])
    return Missing(
        "Python 3.11 or 3.12",
        "the ROS 2 wheels exist for these",
        "Debian 12, Ubuntu 24.04: sudo apt install python3 python3-venv python3-dev; elsewhere: "
        "pip install uv && uv python install 3.12",
    )


def find_sourced_python() -> Interpreter | Missing:
    """The Python of the sourced ROS 2: the one that finds rclpy in this shell."""
    paths = dict.fromkeys([Path("/usr/bin/python3"), *candidate_pythons()])
    found = [probe_python(path, os.environ) for path in paths]
    fitting = [python for python in found if python and python.has_rclpy]
    if not fitting:
        return Missing(
            "rclpy", "ROS 2 is sourced, yet no Python here imports it", "source its setup.bash again"
        )
    return fitting[0] if fitting[0].is_complete else incomplete_python(fitting[0])


def incomplete_python(python: Interpreter) -> Missing:
    """What a Python of the right version lacks."""
    name = f"python{python.version[0]}.{python.version[1]}"
    return Missing(
        f"{name}-venv or {name}-dev",
        f"{python.path} cannot make environments or has no headers",
        f"sudo apt install {name}-venv {name}-dev",
    )


def missing_compiler() -> list[Missing]:
    """A C and a C++ compiler, for the messages. CMake and ninja come as wheels where they are missing."""
    pairs = [("cc", "gcc"), ("c++", "g++")]
    absent = [pair[1] for pair in pairs if not any(shutil.which(name) for name in pair)]
    if not absent:
        return []
    return [Missing(" and ".join(absent), "compiles the messages", "sudo apt install build-essential")]


def missing_graphics() -> list[Missing]:
    """A library that renders without a screen, for the simulated cameras."""
    for library in ("libEGL.so.1", "libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"):
        try:
            ctypes.CDLL(library)
        except OSError:
            continue
        return []
    remedy = "sudo apt install libegl1 libgl1-mesa-dri"
    return [Missing("libEGL or libOSMesa", "renders the simulated cameras", remedy)]
