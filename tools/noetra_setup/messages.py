"""Builds the messages into the environment and links the source tree to it."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from .packages import venv_environ
from .progress import Progress
from .ros_choice import RosChoice
from .stamps import digest_of, read_stamps, write_stamp

PACKAGE = "noetra_ros"


def message_sources(repo: Path) -> list[Path]:
    """Files that the generated messages depend on."""
    interfaces = [*repo.glob("msg/*.msg"), *repo.glob("srv/*.srv"), *repo.glob("action/*.action")]
    return [*interfaces, repo / "CMakeLists.txt", repo / "package.xml"]


def messages_digest(repo: Path, venv: Path, ros: RosChoice) -> str:
    """Changes whenever the messages have to be built again."""
    return digest_of(message_sources(repo), ros.flavour, read_stamps(venv).get("packages", ""))


def site_packages(venv: Path) -> Path:
    """Folder of the environment's Python packages."""
    return next((venv / "lib").glob("python3.*")) / "site-packages"


def build_messages(repo: Path, venv: Path, ros: RosChoice, progress: Progress) -> None:
    """Generates, compiles and installs the messages; does nothing when none has changed."""
    digest = messages_digest(repo, venv, ros)
    generated = site_packages(venv) / PACKAGE
    if read_stamps(venv).get("messages") == digest and (generated / "msg").is_dir():
        return
    build = venv / "noetra_build"
    configure = [
        *("cmake", "-G", "Ninja", "-S", str(repo), "-B", str(build)),
        f"-DCMAKE_INSTALL_PREFIX={venv}",
        f"-DPython3_EXECUTABLE={venv / 'bin' / 'python'}",
        f"-DPYTHON_INSTALL_DIR={site_packages(venv).relative_to(venv)}",
        "-DNOETRA_INTERFACES_ONLY=ON",
        "-DBUILD_TESTING=OFF",
    ]
    environ = build_environ(venv, ros)
    progress.run("messages", "configuring", configure, environ, repo)
    progress.run("messages", "compiling", ["cmake", "--build", str(build)], environ, repo)
    shutil.rmtree(generated, ignore_errors=True)  # interfaces that are no more
    progress.run("messages", "installing", ["cmake", "--install", str(build)], environ, repo)
    # The tree holds the package; what was generated joins it as a second folder (extend_path).
    (generated / "__init__.py").unlink()
    write_stamp(venv, "messages", digest)


def build_environ(venv: Path, ros: RosChoice) -> dict[str, str]:
    """Variables for CMake: where ROS is."""
    environ = venv_environ(venv)
    if ros.is_wheels:
        return {**environ, "AMENT_PREFIX_PATH": str(venv), "CMAKE_PREFIX_PATH": str(venv)}
    kept = ("LD_LIBRARY_PATH", "PYTHONPATH")
    return {**environ, **{name: os.environ[name] for name in kept if name in os.environ}}


def link_source_tree(repo: Path, venv: Path, ros: RosChoice) -> None:
    """Makes the environment import the package from the tree, and writes its commands."""
    (site_packages(venv) / f"{PACKAGE}_source_tree.pth").write_text(f"{repo}\n", encoding="utf-8")
    write_script(venv / "bin" / "noetra-env", [*sourcing_lines(venv, ros), 'exec "$@"'])
    command = f'exec "{venv}/bin/noetra-env" "{venv}/bin/python" -P -m noetra_ros.cli.main "$@"'
    write_script(venv / "bin" / "noetra", [command])


def sourcing_lines(venv: Path, ros: RosChoice) -> list[str]:
    """Shell lines that make ROS usable. The wheels need none: they set themselves up when Python starts."""
    if ros.is_wheels:
        return []
    return [
        f'. "{ros.prefix}/setup.sh"',
        f'export AMENT_PREFIX_PATH="{venv}:$AMENT_PREFIX_PATH"',
        f'export LD_LIBRARY_PATH="{venv}/lib:$LD_LIBRARY_PATH"',
    ]


def write_script(path: Path, lines: list[str]) -> None:
    """Writes an executable shell script, if it is not there already."""
    text = "\n".join(["#!/bin/sh", "# Written by tools/setup_environment.py.", *lines, ""])
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
