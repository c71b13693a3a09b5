"""The checks of `noetra doctor`: each looks at one thing and says what was found and what to do."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.resources import config_names
from noetra_ros.ros.distribution import distribution_of_wheels, ros_distribution
from noetra_ros.ros.environment import DDS_PROFILE_VARIABLES
from noetra_ros.ros.kept_in_memory import is_locking_granted
from noetra_ros.ros.urgency import is_real_time_granted

GIB = 1024**3
MOST_URGENT = -10  # of our nodes: the supervisor
REAL_TIME_PAGE = "docs/latency.md, 'What to grant on a robot'"
MIB = 1024**2
# Each of our five processes maps a 16 MiB segment; Docker's default of 64 MiB is too small for them.
SHARED_MEMORY_NEEDED_BYTES = 128 * MIB
TORCH_CPU_REMEDY = "a smaller build: NOETRA_TORCH_INDEX=<your index with CPU builds> make clean setup"
TORCH_GPU_REMEDY = "or a build for your driver: NOETRA_TORCH_INDEX=<an index with it> make clean setup"


class State(Enum):
    """How a check went."""

    FINE = "fine"
    LIMITED = "limited"  # everything required works; something is slower or left out
    MISSING = "missing"


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        check: what was looked at.
        state: how it went.
        found: what is there.
        remedy: what to do; empty when all is well.
    """

    check: str
    state: State
    found: str
    remedy: str = ""


def check_python() -> Finding:
    """The Python that runs this; older ones than 3.11 cannot."""
    return Finding("Python", State.FINE, f"{sys.version.split()[0]} at {sys.prefix}")


def check_compiler() -> Finding:
    """A C++ compiler, for building the messages."""
    path = shutil.which("c++") or shutil.which("g++")
    if path is None:
        return Finding(
            "C++ compiler", State.LIMITED, "none", "to build messages: sudo apt install build-essential"
        )
    return Finding("C++ compiler", State.FINE, path)


def check_cmake() -> Finding:
    """CMake, for building the messages."""
    path = shutil.which(
        "cmake", path=os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ.get("PATH", "")])
    )
    if path is None:
        return Finding(
            "CMake", State.LIMITED, "none", "to build messages: make setup, or sudo apt install cmake"
        )
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return Finding(
        "CMake", State.FINE, f"{answer.stdout.partition(chr(10))[0].removeprefix('cmake version ')} at {path}"
    )


def check_ros() -> Finding:
    """rclpy, and where it comes from."""
    spec = importlib.util.find_spec("rclpy")
    if spec is None or spec.origin is None:
        return Finding("ROS 2", State.MISSING, "no rclpy", "make setup, or source your ROS 2 before it")
    if wheels := distribution_of_wheels():
        return Finding("ROS 2", State.FINE, f"{wheels}, Python wheels in {sys.prefix}")
    return Finding("ROS 2", State.FINE, f"{ros_distribution() or 'unnamed'} at {Path(spec.origin).parent}")


def check_messages() -> Finding:
    """Our generated messages."""
    try:
        module = importlib.import_module("noetra_ros.msg")
        importlib.import_module("noetra_ros.srv")
        importlib.import_module("noetra_ros.action")
    except ImportError as error:
        return Finding(
            "messages", State.MISSING, str(error), "make setup, or colcon build and source the workspace"
        )
    return Finding("messages", State.FINE, str(Path(module.__file__ or "").parent))


def check_kernel() -> Finding:
    """Machine code of the limiter, which is several times faster than Python."""
    from noetra_ros.safety import KERNEL

    if KERNEL.is_compiled:
        return Finding("kernel", State.FINE, KERNEL.words())
    return Finding("kernel", State.LIMITED, KERNEL.words(), "make setup, without NOETRA_KERNEL=python")


def check_dds() -> Finding:
    """The DDS in use and its profile."""
    middleware = os.environ.get("RMW_IMPLEMENTATION", "rmw_fastrtps_cpp")
    profile = next((os.environ[name] for name in DDS_PROFILE_VARIABLES if os.environ.get(name)), "")
    if middleware != "rmw_fastrtps_cpp":
        remedy = "give it room for camera frames yourself, or unset RMW_IMPLEMENTATION"
        return Finding("DDS", State.LIMITED, f"{middleware}: our Fast DDS profile has no effect", remedy)
    if not Path(profile).is_file():
        remedy = f"unset {' and '.join(DDS_PROFILE_VARIABLES)}: ours is taken then"
        return Finding("DDS", State.MISSING, f"profile {profile or 'none'} does not exist", remedy)
    return Finding("DDS", State.FINE, f"Fast DDS, {profile}")


def check_shared_memory() -> Finding:
    """Room for camera frames between processes."""
    try:
        total_bytes = shutil.disk_usage("/dev/shm").total
    except OSError:
        return Finding("shared memory", State.LIMITED, "no /dev/shm", "frames go over UDP and may be lost")
    found = f"{total_bytes / MIB:.0f} MiB"
    if total_bytes < SHARED_MEMORY_NEEDED_BYTES:
        return Finding("shared memory", State.LIMITED, found, "in Docker: --shm-size=512m, or --ipc=host")
    return Finding("shared memory", State.FINE, found)


def check_graphics() -> Finding:
    """An off-screen renderer that draws something."""
    try:
        rendering = importlib.import_module("noetra_ros.sim.rendering")
        return Finding("graphics", State.FINE, f"{rendering.choose_backend()}, drew a test picture")
    except ImportError as error:
        return Finding("graphics", State.MISSING, str(error), "make setup")
    except NoetraError as error:
        found, _, remedy = str(error).partition(" -> ")
        return Finding("graphics", State.MISSING, found, remedy)


def check_torch() -> Finding:
    """torch, and what it computes on."""
    try:
        torch = importlib.import_module("torch")
    except (ImportError, OSError) as error:
        return Finding("torch", State.MISSING, str(error), "make setup, or pip install -r requirements.txt")
    if torch.cuda.is_available():
        return Finding("torch", State.FINE, f"{torch.__version__} on {torch.cuda.get_device_name(0)}")
    if has_nvidia_gpu():
        found = f"{torch.__version__} cannot use the GPU of this machine"
        remedy = f"update the NVIDIA driver to one for CUDA {torch.version.cuda or '13'}; {TORCH_GPU_REMEDY}"
        return Finding("torch", State.LIMITED, found, remedy)
    if torch.version.cuda:
        return Finding(
            "torch", State.FINE, f"{torch.__version__} on the CPU (a CUDA build)", TORCH_CPU_REMEDY
        )
    return Finding("torch", State.FINE, f"{torch.__version__} on the CPU")


def has_nvidia_gpu() -> bool:
    """True: the kernel has an NVIDIA driver loaded."""
    return Path("/proc/driver/nvidia/version").exists()


def check_size() -> Finding:
    """Cores and memory."""
    cores = len(os.sched_getaffinity(0))
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found = f"{cores} cores, {memory_bytes / GIB:.0f} GiB"
    if cores < 2 or memory_bytes < 4 * GIB:
        return Finding(
            "machine", State.LIMITED, found, "2 cores and 4 GiB keep real time; lock-step works on less"
        )
    return Finding("machine", State.FINE, found)


def check_real_time() -> Finding:
    """Whether the commands of a robot may go before other programs, and their code stays in memory."""
    rights = {
        "real-time scheduling": is_real_time_granted(MOST_URGENT),
        "locked memory": is_locking_granted(),
    }
    refused = [name for name, is_granted in rights.items() if not is_granted]
    if refused:
        found = f"not granted: {', '.join(refused)}"
        return Finding("real time", State.LIMITED, found, f"for a real robot: {REAL_TIME_PAGE}")
    return Finding("real time", State.FINE, f"granted: {', '.join(rights)}")


def check_launch() -> Finding:
    """`ros2 launch`; only ROS distributions have it."""
    if importlib.util.find_spec("launch_ros") is None:
        return Finding("ros2 launch", State.LIMITED, "not installed", "`noetra up` starts the same nodes")
    return Finding("ros2 launch", State.FINE, "installed")


def check_robots() -> Finding:
    """Robot profiles that load."""
    load_robot = importlib.import_module("noetra_ros.robots.profile").load_robot
    faults = []
    names = config_names("robots")
    for name in names:
        try:
            load_robot(name)
        except NoetraError as error:
            faults.append(str(error))
    if faults or not names:
        return Finding("robots", State.MISSING, "\n".join(faults) or "none", "correct config/robots/")
    return Finding("robots", State.FINE, ", ".join(names))


def check_models() -> Finding:
    """Models that come with the package."""
    names = config_names("models")
    if not names:
        return Finding("models", State.LIMITED, "none", "noetra demos, then noetra train")
    return Finding("models", State.FINE, ", ".join(names))


CHECKS: tuple[Callable[[], Finding], ...] = (
    check_python,
    check_compiler,
    check_cmake,
    check_ros,
    check_messages,
    check_kernel,
    check_dds,
    check_shared_memory,
    check_graphics,
    check_torch,
    check_size,
    check_real_time,
    check_launch,
    check_robots,
    check_models,
)
