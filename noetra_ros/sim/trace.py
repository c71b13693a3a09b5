"""The physics trace of an episode: what the joints really did at every physics step, one NPZ file an episode.

It is written by the simulation alone and read by the oracle of `evaluation/`; no driver sees it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from noetra_ros.sim.person_trace import PersonRecorder
from noetra_ros.sim.world import World

OBJECT_PERIOD_S = 0.1

Row = tuple[float, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
ObjectRow = tuple[float, np.ndarray]


@dataclass(frozen=True)
class Recording:
    """One episode that was recorded, not yet written; nothing changes it any more.

    Arrays of the file, d axes (joints in profile order; `vx`, `wz` of a base), n physics steps, k objects:

    - `names` (d): axes.
    - `time_s` (n): simulated time, strictly increasing; the clock of the stamps.
    - `positions` (n, d): rad; NaN for a base.
    - `velocities` (n, d): rad/s, m/s.
    - `targets` (n, d): what the controller was last told; NaN before the first command.
    - `is_touching` (n, d): the axis' own link or one that it carries touches something.
    - `object_names` (k), `object_time_s` (m), `object_poses` (m, k, 7): x y z m, quaternion wxyz, 10 Hz.
    - where the episode has a person, what `PersonRecorder.arrays` says.

    Attributes:
        names: axes.
        object_names: things.
        rows: one for each physics step.
        object_rows: poses of the things, 10 Hz.
        person: what `PersonRecorder.arrays` says; empty = an episode without a person.
    """

    names: tuple[str, ...]
    object_names: tuple[str, ...]
    rows: Sequence[Row]
    object_rows: Sequence[ObjectRow]
    person: Mapping[str, NDArray[np.generic]]

    def save(self, path: Path) -> None:
        """Writes the file in one move: a reader sees all of it or nothing.

        Raises:
            ValueError: nothing was recorded.
        """
        if not self.rows:
            raise ValueError(
                f"{path}: no physics step was recorded -> call start() and step the world before save()"
            )
        time_s, positions, velocities, targets, is_touching = (
            np.array(column) for column in zip(*self.rows, strict=True)
        )
        object_time_s, object_poses = (np.array(column) for column in zip(*self.object_rows, strict=True))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(
                file,
                names=np.array(self.names),
                time_s=time_s,
                positions=positions,
                velocities=velocities,
                targets=targets,
                is_touching=is_touching,
                object_names=np.array(self.object_names),
                object_time_s=object_time_s,
                object_poses=object_poses,
                **self.person,
            )
        Path(temporary).replace(path)


class TraceRecorder:
    """Records a world from `start` to `stop`.

    Args:
        world: the world to watch.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows: list[Row] = []
        self._object_rows: list[ObjectRow] = []
        self._person: PersonRecorder | None = None
        self._object_steps = max(1, round(OBJECT_PERIOD_S / world.step_s))

    def start(self) -> None:
        """Begins an episode; what was recorded before is forgotten."""
        self._rows, self._object_rows = [], []
        person = self._world.person()
        self._person = PersonRecorder(person, self._world.step_s) if person else None
        self._world.on_step(self._take)

    def stop(self) -> None:
        """Ends recording; what was recorded stays."""
        self._world.on_step(None)

    def _take(self) -> None:
        state = self._world.physics_state()
        if len(self._rows) % self._object_steps == 0:
            self._object_rows.append((state.time_s, self._world.object_poses()))
        self._rows.append((state.time_s, state.positions, state.velocities, state.targets, state.is_touching))
        if self._person is not None:
            self._person.take(state.time_s)

    def recording(self) -> Recording:
        """What was recorded; the recorder may begin anew."""
        return Recording(
            tuple(self._world.state_names),
            tuple(self._world.object_names),
            self._rows,
            self._object_rows,
            self._person.arrays() if self._person else {},
        )

    def save(self, path: Path) -> None:
        """Writes what was recorded.

        Raises:
            ValueError: nothing was recorded.
        """
        self.recording().save(path)
