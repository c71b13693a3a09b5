"""Makes the virtual environment and installs the pinned packages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from .machine import Interpreter, clean_environ
from .progress import Progress, StepError
from .ros_choice import RosChoice
from .stamps import digest_of, read_stamps, write_stamp
from .wheel_paths import correct_wheel_paths

TORCH_PACKAGES = ("torch", "torchvision")
TORCH_INDEX_VARIABLE = "NOETRA_TORCH_INDEX"


def requirement_files(repo: Path, ros: RosChoice) -> list[Path]:
    """Requirement files for a ROS choice; all of them are pinned by constraints.txt or by themselves."""
    names = ["requirements.txt", "requirements-dev.txt"]
    if ros.is_wheels:
        names.append(f"requirements-ros-{ros.distro}.txt")
    return [repo / name for name in names]


def packages_digest(repo: Path, ros: RosChoice) -> str:
    """Changes whenever other packages are to be installed."""
    return digest_of([repo / "constraints.txt", *requirement_files(repo, ros)], ros.flavour)


def is_usable(venv: Path, ros: RosChoice) -> bool:
    """True: the environment runs and was made for this ROS, or by hand."""
    return (venv / "bin" / "python").exists() and read_stamps(venv).get("flavour", ros.flavour) == ros.flavour


def make_venv(venv: Path, python: Interpreter, ros: RosChoice, progress: Progress) -> None:
    """Makes the environment anew; with a sourced ROS it sees that ROS's Python packages."""
    if venv.exists():
        progress.note("python", f"{venv.name} was made for another ROS 2 or is broken: making it anew")
        shutil.rmtree(venv)
    options = [] if ros.is_wheels else ["--system-site-packages"]
    version = ".".join(map(str, python.version))
    command = [str(python.path), "-m", "venv", *options, str(venv)]
    progress.run("python", f"{venv.name} with Python {version}", command, clean_environ(), venv.parent)
    write_stamp(venv, "flavour", ros.flavour)


def install_packages(repo: Path, venv: Path, ros: RosChoice, progress: Progress) -> None:
    """Installs everything at its pinned version: with uv in seconds, with pip where uv fails."""
    digest = packages_digest(repo, ros)
    if read_stamps(venv).get("packages") == digest:
        return
    environ = venv_environ(venv)
    try:
        install_with(uv_command(repo, venv, environ, progress), repo, ros, environ, progress)
    except StepError:
        progress.note("packages", "uv failed, see the log: pip takes its place, which needs minutes")
        install_with(pip_command(venv), repo, ros, environ, progress)
    if ros.is_wheels:
        correct_paths(venv, environ)
    write_stamp(venv, "flavour", ros.flavour)
    write_stamp(venv, "packages", digest)


def install_with(
    installer: list[str], repo: Path, ros: RosChoice, environ: dict[str, str], progress: Progress
) -> None:
    """Installs the requirements; torch from another index first, if the user names one."""
    installer = [*installer, "-c", str(repo / "constraints.txt")]
    torch_index = os.environ.get(TORCH_INDEX_VARIABLE)
    if torch_index:
        command = [*installer, "--index-url", torch_index, *TORCH_PACKAGES]
        progress.run("packages", "torch from your index", command, environ, repo)
    files = [word for path in requirement_files(repo, ros) for word in ("-r", str(path))]
    progress.run("packages", "pinned packages, 3 GB with torch", [*installer, *files], environ, repo)


def pip_command(venv: Path) -> list[str]:
    """pip's install command."""
    return [str(venv / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]


def uv_command(repo: Path, venv: Path, environ: dict[str, str], progress: Progress) -> list[str]:
    """uv's install command; installs uv first."""
    constraints = str(repo / "constraints.txt")
    uv = venv / "bin" / "uv"
    if not uv.exists():
        progress.run(
            "packages", "uv, the installer", [*pip_command(venv), "-c", constraints, "uv"], environ, repo
        )
    return [str(uv), "pip", "install", "--build-constraints", constraints]


def correct_paths(venv: Path, environ: dict[str, str]) -> None:
    """Makes the wheels' CMake files find this machine's headers."""
    answers = "[sysconfig.get_path('include'), numpy.get_include()]"
    question = f"import json, numpy, sysconfig; print(json.dumps({answers}))"
    python = str(venv / "bin" / "python")
    answer = subprocess.run([python, "-c", question], env=environ, capture_output=True, text=True, check=True)
    python_include, numpy_include = json.loads(answer.stdout)
    correct_wheel_paths(venv / "share", python_include, numpy_include)


def venv_environ(venv: Path) -> dict[str, str]:
    """Variables of an activated environment."""
    environ = clean_environ()
    environ["VIRTUAL_ENV"] = str(venv)
    environ["PATH"] = f"{venv / 'bin'}{os.pathsep}{environ.get('PATH', '')}"
    return environ
