"""Corrects paths in the ROS wheels' CMake files, which name the machine that the wheels were built on."""

from __future__ import annotations

import re
from pathlib import Path

BUILD_NUMPY = re.compile(r"/opt/python/cp3\d+-cp3\d+/lib/python3\.\d+/site-packages/numpy/_core/include")
BUILD_PYTHON = re.compile(r"/opt/python/cp3\d+-cp3\d+/include/python3\.\d+")


def correct_wheel_paths(share: Path, python_include: str, numpy_include: str) -> int:
    """Replaces the builder's include folders by this machine's.

    Args:
        share: the environment's ``share`` folder.
        python_include: folder of Python.h.
        numpy_include: folder of numpy's headers.

    Returns:
        Number of files changed; 0 the second time.
    """
    changed = 0
    for path in share.rglob("*.cmake"):
        text = path.read_text(encoding="utf-8")
        corrected = BUILD_NUMPY.sub(lambda _: numpy_include, text)
        corrected = BUILD_PYTHON.sub(lambda _: python_include, corrected)
        if corrected != text:
            path.unlink()  # uv links files from its cache: writing in place would change the cache as well
            path.write_text(corrected, encoding="utf-8")
            changed += 1
    return changed
