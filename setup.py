"""pip install: builds with the CMakeLists that colcon uses and puts the result into a wheel.

Message libraries go to the environment's lib/, where the ROS wheels look, so nothing needs sourcing.
"""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.build import build

REPO = Path(__file__).resolve().parent
PACKAGE = "noetra_ros"


class PlatformDistribution(Distribution):
    """A distribution with compiled parts."""

    def has_ext_modules(self) -> bool:
        """The messages are compiled."""
        return True


class BuildWithCMake(build):
    """Builds and stages with CMake, then hands the staged files to setuptools."""

    def run(self) -> None:
        """Stages the package and sorts its files into the wheel."""
        work = Path(self.build_base).resolve()
        stage = work / "stage"
        environ = {"AMENT_PREFIX_PATH": sys.prefix, "CMAKE_PREFIX_PATH": sys.prefix, **os.environ}
        environ["PATH"] = os.pathsep.join([str(Path(sys.prefix) / "bin"), environ.get("PATH", "")])
        configure = ["-S", str(REPO), "-B", str(work / "cmake"), f"-DCMAKE_INSTALL_PREFIX={stage}"]
        python = [
            f"-DPython3_EXECUTABLE={sys.executable}",
            "-DPYTHON_INSTALL_DIR=python",
            "-DBUILD_TESTING=OFF",
        ]
        for step in (
            [*configure, *python],
            ["--build", str(work / "cmake")],
            ["--install", str(work / "cmake")],
        ):
            subprocess.run(["cmake", *step], env=environ, check=True)
        self.copy_tree(str(stage / "python" / PACKAGE), str(Path(self.build_lib) / PACKAGE))
        self.distribution.data_files = data_files(stage)
        super().run()


def data_files(stage: Path) -> list[tuple[str, list[str]]]:
    """Everything outside Python, by target folder.

    Left out: bin/ (the console script takes its place) and the metadata that ament makes, whose name is the
    wheel's own (pip uninstall would then remove nothing).
    """
    folders: dict[str, list[str]] = {}
    for path in sorted(p for p in stage.rglob("*") if p.is_file()):
        relative = path.relative_to(stage)
        if relative.parts[0] not in ("bin", "python"):
            folders.setdefault(str(relative.parent), []).append(os.path.relpath(path, REPO))
    return list(folders.items())


def version() -> str:
    """The version, from package.xml."""
    found = ElementTree.parse(REPO / "package.xml").findtext("version")
    if not found:
        raise ValueError("package.xml: <version> is missing")
    return found


def dependencies() -> list[str]:
    """The lines of requirements.txt without their comments."""
    lines = (REPO / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [name for line in lines if (name := line.partition("#")[0].strip())]


setup(
    version=version(),
    install_requires=dependencies(),
    packages=[],
    distclass=PlatformDistribution,
    cmdclass={"build": BuildWithCMake},
)
