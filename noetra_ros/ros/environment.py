"""Environment variables that ROS needs, set without sourcing anything; children inherit them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from importlib.util import find_spec
from pathlib import Path

from noetra_ros.core.resources import share_folder

# Fast DDS 3 (Kilted and later) reads the first name, Fast DDS 2 (Jazzy) the second.
DDS_PROFILE_VARIABLES = (
    "FASTDDS_DEFAULT_PROFILES_FILE",
    "FASTRTPS_DEFAULT_PROFILES_FILE",
)
FAST_DDS_2_DISTROS = ("humble", "iron", "jazzy")


def dds_profile_path() -> Path:
    """Our Fast DDS settings: a shared-memory segment that holds camera frames, and UDP."""
    return share_folder() / "config" / "fastdds_profile.xml"


def prepare_environment(environ: MutableMapping[str, str] = os.environ) -> None:
    """Adds what is missing; whatever the user has set stays.

    Args:
        environ: the variables to complete, this process's by default.
    """
    if not any(environ.get(name) for name in DDS_PROFILE_VARIABLES):
        environ[_profile_variable(environ)] = str(dds_profile_path())
    prefixes = [p for p in environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if p]
    if _is_ament_prefix(sys.prefix) and sys.prefix not in prefixes:
        environ["AMENT_PREFIX_PATH"] = os.pathsep.join([*prefixes, sys.prefix])


def _profile_variable(environ: Mapping[str, str]) -> str:
    """The name that the installed Fast DDS reads; version 3 takes the old one too, but warns in every process."""
    distro = environ.get("ROS_DISTRO", "")
    has_version_3 = distro not in FAST_DDS_2_DISTROS if distro else bool(find_spec("fastdds"))
    return DDS_PROFILE_VARIABLES[0 if has_version_3 else 1]


def _is_ament_prefix(prefix: str) -> bool:
    return (Path(prefix) / "share" / "ament_index").is_dir()
