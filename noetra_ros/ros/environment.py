"""Environment variables that ROS needs, set without sourcing anything; children inherit them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from noetra_ros.core.resources import share_folder

# Fast DDS 3 (Kilted and later) reads the first and warns of the second in every process; Fast DDS 2 (Jazzy)
# reads the second only.
DDS_PROFILE_VARIABLES = ("FASTDDS_DEFAULT_PROFILES_FILE", "FASTRTPS_DEFAULT_PROFILES_FILE")


def dds_profile_path() -> Path:
    """Our Fast DDS settings: a shared-memory segment that holds camera frames, and UDP."""
    return share_folder() / "config" / "fastdds_profile.xml"


def dds_profile_variable(environ: Mapping[str, str] = os.environ) -> str:
    """Name of the variable that the installed Fast DDS reads; before version 3 its package was fastrtps."""
    is_version_2 = any((Path(prefix) / "share" / "fastrtps").is_dir() for prefix in _prefixes(environ))
    return DDS_PROFILE_VARIABLES[1 if is_version_2 else 0]


def prepare_environment(environ: MutableMapping[str, str] = os.environ) -> None:
    """Adds what is missing; whatever the user has set stays.

    Args:
        environ: the variables to complete, this process's by default.
    """
    if not any(environ.get(name) for name in DDS_PROFILE_VARIABLES):
        environ[dds_profile_variable(environ)] = str(dds_profile_path())
    if (Path(sys.prefix) / "share" / "ament_index").is_dir():
        environ["AMENT_PREFIX_PATH"] = os.pathsep.join(_prefixes(environ))


def _prefixes(environ: Mapping[str, str]) -> list[str]:
    """Install prefixes of ROS packages: the sourced ones, then this Python's."""
    sourced = [entry for entry in environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if entry]
    return list(dict.fromkeys([*sourced, sys.prefix]))
