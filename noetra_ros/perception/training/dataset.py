"""All scenes in memory, pictures of one size together: a batch depends on the seed and its step alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ImageArray
from noetra_ros.perception.scene_files import SceneSet, read_scene, read_scene_set, scene_paths


@dataclass(frozen=True)
class PictureGroup:
    """All pictures of one size.

    Attributes:
        pictures: (N, H, W, 3) uint8.
        ids: (N, H, W) uint8 instance of each pixel.
        scenes: (N,) seed of the scene.
    """

    pictures: ImageArray
    ids: NDArray[np.uint8]
    scenes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.scenes)

    @property
    def pixels(self) -> int:
        """Of one picture."""
        return int(self.ids[0].size)

    def split(self, every: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of the pictures to learn from and to check on (each `every`-th scene)."""
        is_check = self.scenes % every == every - 1
        learn, check = np.flatnonzero(~is_check), np.flatnonzero(is_check)
        return (learn, check) if len(check) and len(learn) else (np.arange(len(self)), np.arange(len(self)))


@dataclass(frozen=True)
class SceneDataset:
    """Pictures of all scenes.

    Attributes:
        description: how they were made.
        groups: one for each picture size.
    """

    description: SceneSet
    groups: tuple[PictureGroup, ...]

    def __len__(self) -> int:
        return sum(len(group) for group in self.groups)

    @property
    def scene_count(self) -> int:
        """How many scenes."""
        return len(np.unique(self.groups[0].scenes))


def load_scenes(folder: Path, on_progress: Callable[[int, int], None] | None = None) -> SceneDataset:
    """Read a folder of scenes.

    Args:
        folder: made by ``noetra scenes``.
        on_progress: called with files read and files in all.

    Raises:
        ConfigError: no scene, a damaged file, pictures that do not fit the description.
    """
    description = read_scene_set(folder)
    paths = scene_paths(folder)
    if not paths:
        raise single_fault(str(folder), "scenes", "none", "at least one", "run noetra scenes first")
    sizes = list(dict.fromkeys(description.cameras.values()))
    cameras = [tuple(n for n, size in description.cameras.items() if size == wanted) for wanted in sizes]
    groups = [
        _empty(len(paths) * len(c) * description.views, size) for c, size in zip(cameras, sizes, strict=True)
    ]
    for number, path in enumerate(paths):
        scene = read_scene(path, tuple(description.cameras))
        for group, names in zip(groups, cameras, strict=True):
            rows = slice(*(n * len(names) * description.views for n in (number, number + 1)))
            pictures = np.concatenate([scene.pictures[name] for name in names])
            ids = np.concatenate([scene.ids[name] for name in names])
            _require_fit(path, pictures, ids, group.pictures[rows], description)
            group.pictures[rows], group.ids[rows], group.scenes[rows] = pictures, ids, scene.seed
        if on_progress is not None:
            on_progress(number + 1, len(paths))
    return SceneDataset(description, tuple(groups))


def _empty(count: int, size: tuple[int, int]) -> PictureGroup:
    width, height = size
    shape = (count, height, width)
    return PictureGroup(np.empty((*shape, 3), np.uint8), np.empty(shape, np.uint8), np.empty(count, np.int64))


def _require_fit(
    path: Path, pictures: ImageArray, ids: NDArray[np.uint8], room: ImageArray, description: SceneSet
) -> None:
    if pictures.shape != room.shape or ids.shape != room.shape[:-1]:
        got = f"pictures {pictures.shape}, labels {ids.shape}"
        raise single_fault(str(path), "pictures", got, f"{room.shape} and {room.shape[:-1]}")
    if ids.max() >= len(description.instances):
        raise single_fault(str(path), "labels", int(ids.max()), f"below {len(description.instances)}")
