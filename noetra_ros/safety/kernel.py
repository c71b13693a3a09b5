"""Runs the numeric kernel as machine code where that is known to be of the sources beside this file.

One source, two ways to run it: Python reads the files of `GROUP`, or machine code that `make setup` made of
them with mypyc and put into the environment. That code is taken only when the stamp beside it names the very
text that lies here now, the very machine code that lies there and this kind of Python; all of the group or
none of it. Otherwise Python reads the files, and `Kernel.words` says why.

Nothing compiled lies beside the sources: there it would go before them unasked, also when they have changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noetra_ros.core.errors import ConfigError, single_fault

# Each imports only what stands before it, and the standard library.
GROUP = ("axis_limits", "braking", "limiter", "axis_excess", "all_axes")
PACKAGE = "noetra_ros.safety"
CHOICE = "NOETRA_KERNEL"  # environment variable: python or compiled force one; empty = compiled where it fits
FOLDER = "NOETRA_KERNEL_FOLDER"  # environment variable: where the machine code lies; for tests
STAMP = "stamp.json"
SHOWN = 12  # digits of a hash, for people


@dataclass(frozen=True)
class Kernel:
    """Which one runs in this process.

    Attributes:
        sources: hash of the sources as they lay there when this process began.
        why_python: why it is not the compiled one; empty = it is.
    """

    sources: str
    why_python: str

    @property
    def is_compiled(self) -> bool:
        """True: machine code of these sources; False: Python reads them."""
        return not self.why_python

    def words(self) -> str:
        """For logs and records."""
        return f"Python: {self.why_python}" if self.why_python else f"compiled {self.sources[:SHOWN]}"


def load_kernel() -> Kernel:
    """Load the compiled kernel if it may be taken. To be called once, before a module of `GROUP` is imported.

    Raises:
        ImportError: one is imported already; what would be said of it here need not be true.
        ConfigError: the compiled one is demanded and cannot be taken, or the demand is not understood.
    """
    if loaded := [name for name in GROUP if f"{PACKAGE}.{name}" in sys.modules]:
        raise ImportError(f"the kernel is chosen once, before {', '.join(loaded)} is imported")
    choice = os.environ.get(CHOICE, "")
    if choice not in ("", "python", "compiled"):
        raise single_fault("kernel", CHOICE, choice, "python or compiled, or not set")
    sources = source_hashes(Path(__file__).parent)
    why = f"asked for by {CHOICE}" if choice == "python" else _take(kernel_folder(), sources)
    if choice == "compiled" and why:
        raise _refusal(why)
    return Kernel(sources=overall(sources), why_python=why)


def kernel_folder() -> Path:
    """Where the machine code for this Python lies."""
    given = os.environ.get(FOLDER, "")
    return Path(given) if given else Path(sysconfig.get_path("platlib")) / "noetra_kernel"


def source_hashes(folder: Path) -> dict[str, str]:
    """Of each source by its name, this file included: it says what belongs to the group."""
    return {f"{name}.py": file_hash(folder / f"{name}.py") for name in (*GROUP, "kernel")}


def overall(hashes: dict[str, str]) -> str:
    """One hash of several files."""
    return hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def python_kind() -> str:
    """Which Python machine code is for, e.g. ``cpython-311-x86_64-linux-gnu``."""
    return str(sysconfig.get_config_var("SOABI"))


def group_library(sources: dict[str, str]) -> str:
    """Name of the module that holds the machine code; another for other sources."""
    return f"noetra_kernel_{overall(sources)[:SHOWN]}__mypyc"


def _take(folder: Path, sources: dict[str, str]) -> str:
    """Load the machine code of `sources`; gives why that was not done, empty = it was."""
    if not (folder / STAMP).is_file():
        return "not compiled in this environment"
    why = misfit(folder, sources)
    return why or _load(folder, sources)


def misfit(folder: Path, sources: dict[str, str]) -> str:
    """Why machine code is not of these sources, for this Python and whole; empty = it is."""
    try:
        stamp: dict[str, Any] = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        told, python, binaries = stamp["sources"], stamp["python"], stamp["binaries"]
        if told != sources:
            names = sorted(name for name in {*told, *sources} if told.get(name) != sources.get(name))
            return f"{', '.join(names)}: not what was compiled"
        if python != python_kind():
            return f"compiled for {python}, this is {python_kind()}"
        expected = {binary_name(name) for name in (*GROUP, group_library(sources))}
        if set(binaries) != expected or any(file_hash(folder / n) != h for n, h in binaries.items()):
            return f"the machine code in {folder} is not what was compiled"
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        return f"{folder / STAMP} cannot be read: {error!r}"
    return ""


def binary_name(module: str) -> str:
    """File of a compiled module."""
    return f"{module}.{python_kind()}.so"


def _load(folder: Path, sources: dict[str, str]) -> str:
    """Import the group from machine code, all or none; gives why not."""
    library = group_library(sources)
    names = {library: library, **{f"{PACKAGE}.{name}": name for name in GROUP}}
    try:
        for name, file in names.items():
            _load_one(name, folder / binary_name(file))
    except Exception as error:  # whatever a foreign binary may raise: the sources are there
        for name in names:
            sys.modules.pop(name, None)
        return f"the machine code cannot be loaded: {error!r}"
    for name in GROUP:
        setattr(sys.modules[PACKAGE], name, sys.modules[f"{PACKAGE}.{name}"])
    return ""


def _load_one(name: str, path: Path) -> None:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no module of this Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _refusal(why: str) -> ConfigError:
    return single_fault("kernel", CHOICE, f"compiled, but {why}", "python, or not set", "or make setup")
