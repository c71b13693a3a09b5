"""Compiles the numeric kernel of the supervisor into the environment; never beside its sources."""

from __future__ import annotations

import json
from pathlib import Path

from .messages import site_packages
from .packages import venv_environ
from .progress import Progress, StepError
from .stamps import digest_of, read_stamps, write_stamp

FOLDER = "noetra_kernel"
BUILDER = Path("tools") / "build_kernel.py"


def kernel_sources(repo: Path, venv: Path) -> list[Path]:
    """What the machine code of an environment was made of; nothing where there is none."""
    stamp = site_packages(venv) / FOLDER / "stamp.json"
    try:
        names = json.loads(stamp.read_text(encoding="utf-8"))["sources"]
    except (OSError, ValueError, KeyError):
        return []
    return [path for path in (repo / "noetra_ros" / "safety" / name for name in names) if path.is_file()]


def kernel_digest(repo: Path, venv: Path) -> str:
    """Changes whenever the kernel has to be compiled again."""
    made_of = [repo / BUILDER, *kernel_sources(repo, venv)]
    return digest_of(made_of, read_stamps(venv).get("packages", ""))


def is_kernel_current(repo: Path, venv: Path) -> bool:
    """True: nothing has changed since it was compiled."""
    return bool(kernel_sources(repo, venv)) and read_stamps(venv).get("kernel") == kernel_digest(repo, venv)


def build_kernel(repo: Path, venv: Path, progress: Progress) -> None:
    """Compiles the kernel where it has changed; where that fails Python runs it, and the supervisor says."""
    if is_kernel_current(repo, venv):
        return
    command = [str(venv / "bin" / "python"), str(repo / BUILDER), str(site_packages(venv) / FOLDER)]
    try:
        progress.run("kernel", "compiling the core of the supervisor", command, venv_environ(venv), repo)
    except StepError:
        progress.note("kernel", "not compiled, see the log: Python runs it instead, several times slower")
        return
    write_stamp(venv, "kernel", kernel_digest(repo, venv))
