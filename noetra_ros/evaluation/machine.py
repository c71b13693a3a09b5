"""One line that names the machine a number was measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from noetra_ros.safety import KERNEL


def describe_machine() -> str:
    """Processor, usable cores, system, Python and kernel of the supervisor, e.g. ``AMD EPYC 7B13, 2 cores,
    Linux 6.1 x86_64, Python 3.12, kernel compiled``.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.release().split('-')[0]} {platform.machine()}"
    python = ".".join(platform.python_version_tuple()[:2])
    kernel = "compiled" if KERNEL.is_compiled else "in Python"
    return f"{_processor()}, {cores} cores, {system}, Python {python}, kernel {kernel}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"
