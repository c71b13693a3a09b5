"""Compiles the kernel of noetra_ros/safety with mypyc into a folder, with a stamp of what it is of.

    python3 tools/build_kernel.py [FOLDER]

Without a folder into the environment of the Python that runs it, which needs mypy and setuptools. `make
setup` calls it for its environment; when the supervisor takes the result: noetra_ros/safety/kernel.py.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from mypyc.build import mypycify
from setuptools import Extension, setup

ROOT = Path(__file__).resolve().parents[1]
SAFETY = ROOT / "noetra_ros" / "safety"
os.environ["NOETRA_KERNEL"] = "python"  # what is there already is to be replaced
sys.path.insert(0, str(ROOT))
from noetra_ros.safety import kernel  # noqa: E402

# Each product and each sum rounded by itself, as Python does it: aarch64 and others would join the two. A
# warning of a newer C compiler is no reason to do without.
FLAGS = ("-ffp-contract=off", "-fno-fast-math", "-Wno-error")
# What a user's own flags may say of arithmetic must not reach this.
FOREIGN = ("CFLAGS", "CPPFLAGS", "LDFLAGS")
CHECKING = (
    "--strict", "--namespace-packages", "--explicit-package-bases", "--config-file=",
    "--ignore-missing-imports",
)  # fmt: skip


def compile_kernel(folder: Path) -> None:
    """Compile into `folder`, which is replaced as a whole."""
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        hashes = copy_sources(work)
        with working_in(work):
            for name in FOREIGN:
                os.environ.pop(name, None)
            setup(
                name="noetra_kernel",
                packages=[],
                ext_modules=extensions(kernel.group_library(hashes)),
                script_args=["--quiet", "build_ext", "--build-lib", "out"],
            )
        result = work / "result"
        result.mkdir()
        for name in kernel.GROUP:
            made_name = kernel.binary_name(name.rpartition(".")[2])
            folder_of = work / "out" / "noetra_ros" / "safety" / Path(kernel.source_name(name)).parent
            shutil.copy(folder_of / made_name, result / kernel.binary_name(name))
        library = kernel.binary_name(kernel.group_library(hashes))
        shutil.copy(work / "out" / library, result / library)
        write_stamp(result, hashes)
        put_in_place(result, folder)


def copy_sources(work: Path) -> dict[str, str]:
    """The sources of the package: the kernel and what it imports, whose types it is checked against.

    Returns:
        Hashes of those of the kernel, as of the copies.
    """
    for path in (ROOT / "noetra_ros").rglob("*.py"):
        copy = work / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return kernel.source_hashes(work / "noetra_ros" / "safety")


def extensions(library: str) -> list[Extension]:
    """What setuptools is to compile."""
    paths = [f"noetra_ros/safety/{kernel.source_name(name)}" for name in kernel.GROUP]
    group = library.removesuffix("__mypyc")  # which it puts there again
    made = mypycify([*CHECKING, *paths], opt_level="3", debug_level="0", group_name=group)
    for extension in made:
        extension.extra_compile_args = [*(extension.extra_compile_args or ()), *FLAGS]
    return made


def write_stamp(result: Path, hashes: dict[str, str]) -> None:
    """Say what the machine code is of and by what it was made.

    Raises:
        RuntimeError: not every module of the group came out.
    """
    binaries = {path.name: kernel.file_hash(path) for path in sorted(result.iterdir())}
    expected = {kernel.binary_name(name) for name in (*kernel.GROUP, kernel.group_library(hashes))}
    if set(binaries) != expected:
        raise RuntimeError(f"mypyc made {sorted(binaries)}, expected {sorted(expected)}")
    stamp = {
        "docs": {name: docs_of(SAFETY / kernel.source_name(name)) for name in kernel.GROUP},
        "sources": hashes,
        "python": kernel.python_kind(),
        "python_version": sys.version.split()[0],
        "mypy": version("mypy"),
        "flags": FLAGS,
        "binaries": binaries,
    }
    (result / kernel.STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def docs_of(source: Path) -> dict[str, str]:
    """Docstrings of its classes by name, and of the module itself under the empty one."""
    module = ast.parse(source.read_text(encoding="utf-8"))
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    found = {"": ast.get_docstring(module, clean=False)}
    found |= {node.name: ast.get_docstring(node, clean=False) for node in classes}
    return {name: text for name, text in found.items() if text}


def put_in_place(result: Path, folder: Path) -> None:
    """Swap the folders: who reads the old one meanwhile has it whole, or a stamp that does not fit."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(result, new)
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Within, paths begin in a folder; mypyc has no other way."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    where = "for the result; replaced"
    parser.add_argument("folder", type=Path, nargs="?", default=kernel.kernel_folder(), help=where)
    folder: Path = parser.parse_args().folder.resolve()
    compile_kernel(folder)
    print(f"kernel compiled: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
