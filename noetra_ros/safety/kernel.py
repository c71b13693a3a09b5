"""Runs the kernel of the supervisor as machine code where that is known to be of the sources here.

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
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from noetra_ros.core.errors import ConfigError, single_fault

# What every command goes through; first the arithmetic, which imports only what stands before it and the
# standard library. Of the checks those without a list among their settings: in machine code a field no longer
# knows what a list is of.
ARITHMETIC = ("axis_limits", "braking", "limiter", "axis_excess", "all_axes")
GROUP = (
    *ARITHMETIC,
    "limits", "modes", "report", "snapshot", "naming", "inputs", "surroundings", "scale_ramp",
    "motion", "pace", "output", "proposing", "check_round", "lookout", "supervisor",
    "checks.acceleration", "checks.clock", "checks.estop", "checks.finite", "checks.jerk",
    "checks.position", "checks.rate", "checks.shape",
    "checks.sole_writer", "checks.stale", "checks.tracking_error", "checks.velocity",
)  # fmt: skip
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
    """Have the compiled kernel imported if it may be. To be called once, before a module of `GROUP` is.

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
    return {source_name(name): file_hash(folder / source_name(name)) for name in (*GROUP, "kernel")}


def source_name(module: str) -> str:
    """File of a module of the group, from the folder of this one."""
    return f"{module.replace('.', '/')}.py"


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
    """Have the machine code of `sources` imported; gives why that was not done, empty = it was."""
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
    """Load what all modules of the group are in, and have each taken from there when it is imported (one that
    cannot be ends the program); gives why not.
    """
    library = group_library(sources)
    try:
        spec = _spec(library, folder / binary_name(library), {})
        module = importlib.util.module_from_spec(spec)
        sys.modules[library] = module
        spec.loader.exec_module(module)  # type: ignore[union-attr]
        docs = json.loads((folder / STAMP).read_text(encoding="utf-8"))["docs"]
        sys.meta_path.insert(0, _Finder(folder, {name: docs[name] for name in GROUP}))
    except Exception as error:  # whatever a foreign binary may raise: the sources are there
        sys.modules.pop(library, None)
        return f"the machine code cannot be loaded: {error!r}"
    return ""


class _Finder(MetaPathFinder):
    """Finds modules of the group before Python finds their sources."""

    def __init__(self, folder: Path, docs: dict[str, dict[str, str]]) -> None:
        self._files = {f"{PACKAGE}.{name}": folder / binary_name(name) for name in GROUP}
        self._docs = {f"{PACKAGE}.{name}": of_module for name, of_module in docs.items()}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Of a module of the group; None for others."""
        file = self._files.get(fullname)
        return None if file is None else _spec(fullname, file, self._docs[fullname])


class _Loader(ExtensionFileLoader):
    """Gives the module and its classes their docstrings, which are no part of machine code."""

    def __init__(self, name: str, file: Path, docs: dict[str, str]) -> None:
        super().__init__(name, str(file))
        self._docs = docs

    def exec_module(self, module: ModuleType) -> None:
        """As its base does, and then these."""
        super().exec_module(module)
        for name, text in self._docs.items():
            (getattr(module, name) if name else module).__doc__ = text


def _spec(name: str, file: Path, docs: dict[str, str]) -> ModuleSpec:
    return ModuleSpec(name, _Loader(name, file, docs), origin=str(file))


def _refusal(why: str) -> ConfigError:
    return single_fault("kernel", CHOICE, f"compiled, but {why}", "python, or not set", "or make setup")
