"""Which ROS 2 to use: one that is sourced in this shell, or Python wheels."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WHEEL_DISTROS = ("kilted", "jazzy")
DEFAULT_DISTRO = WHEEL_DISTROS[0]


@dataclass(frozen=True)
class RosChoice:
    """A ROS 2 distribution and where it comes from.

    Attributes:
        distro: lower-case name, e.g. ``kilted``.
        prefix: install prefix of a sourced ROS 2, e.g. ``/opt/ros/jazzy``; None for the wheels.
    """

    distro: str
    prefix: Path | None

    @property
    def is_wheels(self) -> bool:
        """True: Python wheels; False: a ROS 2 that this shell has sourced."""
        return self.prefix is None

    @property
    def flavour(self) -> str:
        """Name for stamps: environments of another flavour cannot be reused."""
        return f"{self.distro} wheels" if self.prefix is None else f"{self.distro} at {self.prefix}"

    @property
    def venv_name(self) -> str:
        """Folder of the virtual environment: one for each set of wheels, .venv by default."""
        is_default = self.distro == DEFAULT_DISTRO or not self.is_wheels
        return ".venv" if is_default else f".venv-{self.distro}"


def choose_ros(environ: Mapping[str, str], asked: str | None = None) -> RosChoice:
    """The ROS 2 for this shell.

    A ROS_DISTRO without a sourced install selects the wheels of that distribution.

    Args:
        environ: the shell's variables.
        asked: distribution named on the command line; wins over ROS_DISTRO, refused if another is sourced.

    Raises:
        ValueError: there are no wheels of that name, or another distribution is sourced.
    """
    named = (asked or environ.get("ROS_DISTRO") or DEFAULT_DISTRO).lower()
    prefix = sourced_prefix(environ)
    if prefix is not None:
        sourced = environ.get("ROS_DISTRO", named).lower()
        if asked and asked.lower() != sourced:
            raise ValueError(
                f"asked for {asked}, but {sourced} at {prefix} is sourced: use a shell without it"
            )
        return RosChoice(sourced, prefix)
    if named not in WHEEL_DISTROS:
        raise ValueError(
            f"ROS 2 {named!r} is not sourced here and has no wheels: source its setup.bash, "
            f"or set ROS_DISTRO to one of {', '.join(WHEEL_DISTROS)}"
        )
    return RosChoice(named, None)


def sourced_prefix(environ: Mapping[str, str]) -> Path | None:
    """Prefix on AMENT_PREFIX_PATH that holds rclpy and is no virtual environment; None without one."""
    for entry in environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep):
        prefix = Path(entry)
        if entry and (prefix / "share" / "rclpy").is_dir() and not (prefix / "pyvenv.cfg").exists():
            return prefix
    return None
