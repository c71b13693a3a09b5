"""A recorded episode as a path in time, and the registry of formats that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.interpolation import rows_at
from noetra_ros.core.registry import Registry
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.robots.profile import RobotProfile

EPISODE_MARK = "#"


@dataclass(frozen=True)
class Recording:
    """The commands of one episode.

    Attributes:
        name: for people.
        kind: meaning of the values.
        names: (d) joints, or vx, vy, wz.
        times_s: (n,) when each row applied, s from the first observation, rising.
        values: (n, d) rad, rad/s or m/s.
    """

    name: str
    kind: CommandKind
    names: tuple[str, ...]
    times_s: FloatArray
    values: FloatArray

    def __post_init__(self) -> None:
        expected = f"(n >= 2, {len(self.names)}) finite numbers at n rising times"
        fits = self.values.shape == (len(self.times_s), len(self.names)) and len(self.times_s) >= 2
        if not fits or not np.isfinite(self.values).all() or not (np.diff(self.times_s) > 0).all():
            raise single_fault(self.name, "values", self.values.shape, expected)

    @property
    def duration_s(self) -> float:
        """From the first observation to the last row."""
        return float(self.times_s[-1])

    @property
    def step_s(self) -> float:
        """Between rows, the middle of all, to the ns."""
        return round(float(np.median(np.diff(self.times_s))), 9)

    def at(self, times_s: FloatArray) -> FloatArray:
        """The rows at some times, straight between those recorded; before the first and after the last these.

        Args:
            times_s: (m,) s from the first observation.

        Returns:
            (m, d); a velocity or twist is zero after the last row.
        """
        rows = rows_at(times_s, self.times_s, self.values)
        if self.kind is not CommandKind.JOINT_POSITION:
            rows[times_s > self.duration_s] = 0.0
        return rows


class RecordingReader(Protocol):
    """One format."""

    def recognises(self, path: Path) -> bool:
        """The path looks like this format."""

    def read(self, path: Path, episode: int | None, robot: RobotProfile) -> Recording:
        """Read an episode.

        Args:
            path: file or folder.
            episode: which one; None = the first.
            robot: the robot that will be driven.

        Raises:
            ConfigError: damaged, no such episode, or something that is needed is missing.
        """


READERS: Registry[type[RecordingReader]] = Registry("recording format", "noetra_ros.policy.recordings")


def read_recording(place: Path, robot: RobotProfile) -> Recording:
    """Read an episode of any known format.

    Args:
        place: file or folder; ``#3`` at its end picks episode 3.
        robot: the robot that will be driven.

    Raises:
        ConfigError: nothing there, no known format, or what its reader says.
    """
    path, episode = _split(place)
    if not path.exists():
        remedy = "set checkpoint to a recorded episode"
        raise single_fault("policy replay", "checkpoint", f"no {path}", "a file or folder", remedy)
    for name in READERS.names():
        reader = READERS.get(name)()
        if reader.recognises(path):
            return reader.read(path, episode, robot)
    known = ", ".join(READERS.names())
    raise single_fault("policy replay", "checkpoint", f"{path}, of no known format", f"one of {known}")


def _split(place: Path) -> tuple[Path, int | None]:
    name, mark, number = place.name.rpartition(EPISODE_MARK)
    return (place.with_name(name), int(number)) if mark and number.isdigit() else (place, None)
