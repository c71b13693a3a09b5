"""Demonstrations of `noetra demos`: one NPZ file an episode, a description beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import CommandKind
from noetra_ros.policy.demonstrations import (
    DESCRIPTION_FILE,
    episode_files,
    episode_path,
    read_description,
    read_episode,
)
from noetra_ros.policy.recording import READERS, Recording
from noetra_ros.robots.profile import RobotProfile


@READERS.register("demonstration")
class DemonstrationReader:
    """The first row of each answer of the expert is what was done; it applied one step after its decision."""

    def recognises(self, path: Path) -> bool:
        """A folder with a description, or a file beside one."""
        folder = path if path.is_dir() else path.parent
        return (folder / DESCRIPTION_FILE).is_file()

    def read(self, path: Path, episode: int | None, robot: RobotProfile) -> Recording:
        """Read an episode; `episode` is the seed of its world.

        Raises:
            ConfigError: the file is damaged or not there.
        """
        folder = path if path.is_dir() else path.parent
        if path.is_dir():
            path = episode_path(folder, episode) if episode is not None else _first(folder)
        description = read_description(folder)
        demonstration = read_episode(path)
        times_s = description.step_s * np.arange(1, len(demonstration) + 1)
        values = demonstration.chunks[:, 0].astype(np.float64)
        name = f"replay {path.stem}"
        return Recording(name, CommandKind.JOINT_POSITION, description.joints, times_s, values)


def _first(folder: Path) -> Path:
    files = episode_files(folder)
    if not files:
        raise single_fault(str(folder), "episodes", "none", "at least one episode_*.npz")
    return files[0]
