"""Lets the tests of this folder share what they make; random examples repeat exactly."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from noetra_ros.safety.kernel import kernel_folder, misfit, source_hashes

SAFETY = Path(__file__).parents[2] / "noetra_ros" / "safety"
sys.path.insert(0, str(Path(__file__).parent))
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with machine code of the kernel as it is now: the environment's, or made for this run."""
    if not misfit(kernel_folder(), source_hashes(SAFETY)):
        return kernel_folder()
    if importlib.util.find_spec("mypyc") is None or not any(map(shutil.which, ("cc", "gcc", "clang"))):
        pytest.skip("no mypyc or no C compiler: the kernel runs in Python alone")
    folder = tmp_path_factory.mktemp("compiled") / "kernel"
    builder = Path(__file__).parents[2] / "tools" / "build_kernel.py"
    done = subprocess.run([sys.executable, str(builder), str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder
