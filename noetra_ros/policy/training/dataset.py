"""All demonstrations in memory, drawn by number: the batch of step k depends on the seed and k alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.policy.demonstrations import (
    Demonstration,
    DemonstrationSet,
    episode_files,
    read_description,
    read_episode,
)
from noetra_ros.policy.models.vocabulary import PAD, UNKNOWN, Vocabulary


@dataclass(frozen=True)
class Batch:
    """What one step learns from.

    Attributes:
        pictures: (B, cameras, H, W, 3) uint8.
        joints: (B, n) float, rad.
        tokens: (B, length) numbers of words.
        chunks: (B, rows, n) float, the expert's answers, rad.
    """

    pictures: Tensor
    joints: Tensor
    tokens: Tensor
    chunks: Tensor


@dataclass(frozen=True)
class Dataset:
    """Decisions of all episodes, one after the other.

    Attributes:
        description: how they were made.
        pictures: (N, cameras, H, W, 3) uint8.
        joints: (N, n) float32, rad.
        chunks: (N, rows, n) float32, rad.
        wishes: (N,) number of (task, colour) in `wish_names`.
        episodes: (N,) seed of the episode.
        wish_names: task and colour by number.
    """

    description: DemonstrationSet
    pictures: NDArray[np.uint8]
    joints: NDArray[np.float32]
    chunks: NDArray[np.float32]
    wishes: NDArray[np.int64]
    episodes: NDArray[np.int64]
    wish_names: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.joints)

    def split(self, every: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of the decisions to learn from and to check on (each `every`-th episode)."""
        is_check = self.episodes % every == every - 1
        return np.flatnonzero(~is_check), np.flatnonzero(is_check)

    def batch(
        self, rows: NDArray[np.int64], rng: np.random.Generator, vocabulary: Vocabulary, word_drop: float
    ) -> Batch:
        """The decisions of these numbers, each with a sentence drawn from its wordings."""
        tokens = np.stack([self._tokens(int(w), rng, vocabulary, word_drop) for w in self.wishes[rows]])
        return Batch(
            torch.from_numpy(self.pictures[rows]),
            torch.from_numpy(self.joints[rows]),
            torch.from_numpy(tokens),
            torch.from_numpy(self.chunks[rows]),
        )

    def _tokens(
        self, wish: int, rng: np.random.Generator, vocabulary: Vocabulary, word_drop: float
    ) -> NDArray[np.int64]:
        task, colour = self.wish_names[wish]
        sentences = self.description.sentences[task][colour]
        tokens = vocabulary.encode(sentences[int(rng.integers(len(sentences)))])
        keep = rng.random(len(tokens)) >= word_drop
        keep |= np.isin(tokens, vocabulary.encode(colour))  # without its colour a sentence means nothing
        return np.where(keep | (tokens == PAD), tokens, UNKNOWN)


def load_dataset(folders: tuple[Path, ...], on_progress: Callable[[int, int], None] | None = None) -> Dataset:
    """Read folders of demonstrations that were made alike.

    Args:
        folders: at least one.
        on_progress: called with files read and files in all.

    Raises:
        ConfigError: no episode, a damaged file, or folders that do not fit each other.
    """
    descriptions = [read_description(folder) for folder in folders]
    _require_alike(folders, descriptions)
    files = [path for folder in folders for path in episode_files(folder)]
    if not files:
        raise single_fault(str(folders[0]), "episodes", "none", "at least one", "run noetra demos first")
    parts = []
    for number, path in enumerate(files):
        parts.append(_checked(path, read_episode(path), descriptions[0]))
        if on_progress is not None:
            on_progress(number + 1, len(files))
    return join_episodes(descriptions[0], parts)


def join_episodes(description: DemonstrationSet, parts: list[Demonstration]) -> Dataset:
    """One data set of many episodes."""
    names = tuple((task, colour) for task, by_colour in description.sentences.items() for colour in by_colour)
    number = {name: i for i, name in enumerate(names)}
    wishes = [number[str(t), str(c)] for p in parts for t, c in zip(p.tasks, p.colours, strict=True)]
    cameras = tuple(description.cameras)
    total = sum(len(part) for part in parts)
    pictures = np.empty((total, len(cameras), *parts[0].pictures[cameras[0]].shape[1:]), np.uint8)
    row = 0
    for part in parts:
        for i, camera in enumerate(cameras):
            pictures[row : row + len(part), i] = part.pictures[camera]
        row += len(part)
    return Dataset(
        description,
        pictures,
        np.concatenate([part.joints for part in parts]),
        np.concatenate([part.chunks for part in parts]),
        np.array(wishes, dtype=np.int64),
        np.concatenate([np.full(len(part), part.seed) for part in parts]),
        names,
    )


def _checked(path: Path, episode: Demonstration, description: DemonstrationSet) -> Demonstration:
    n, joints = len(episode), len(description.joints)
    expected = {name: (n, size[1], size[0], 3) for name, size in description.cameras.items()}
    faults = [
        Fault(f"picture_{name}", str(getattr(episode.pictures.get(name), "shape", "nothing")), str(shape))
        for name, shape in expected.items()
        if getattr(episode.pictures.get(name), "shape", None) != shape
    ]
    if episode.joints.shape != (n, joints):
        faults.append(Fault("joints", str(episode.joints.shape), str((n, joints))))
    if episode.chunks.shape != (n, description.rows, joints):
        faults.append(Fault("chunks", str(episode.chunks.shape), str((n, description.rows, joints))))
    if faults:
        raise ConfigError(str(path), faults)
    return episode


def _require_alike(folders: tuple[Path, ...], descriptions: list[DemonstrationSet]) -> None:
    first = descriptions[0]
    faults = [
        Fault(f"{folder}: {key}", str(getattr(other, key)), str(getattr(first, key)))
        for folder, other in zip(folders[1:], descriptions[1:], strict=True)
        for key in ("robot", "joints", "unit", "cameras", "step_s", "rows", "sentences")
        if getattr(other, key) != getattr(first, key)
    ]
    if faults:
        raise ConfigError("demonstrations", faults)
