"""Rendered scenes on disk: one NPZ file a scene, beside it one JSON file that says how all were made."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ImageArray
from noetra_ros.learning.descriptions import read_json, write_once

DESCRIPTION_FILE = "scenes.json"


@dataclass(frozen=True)
class SceneSet:
    """How a folder of scenes was made; training copies it into the checkpoint.

    Attributes:
        robot: profile name.
        cameras: (width, height) px by camera name.
        views: instants of each scene.
        instances: single things by the number that label pictures hold.
        labels: what each instance is.
        variation: level of domain randomisation.
    """

    robot: str
    cameras: dict[str, tuple[int, int]]
    views: int
    instances: tuple[str, ...]
    labels: tuple[str, ...]
    variation: str


@dataclass(frozen=True)
class Scene:
    """All pictures of one scene.

    Attributes:
        seed: of the scene.
        pictures: (views, H, W, 3) uint8 by camera.
        ids: (views, H, W) uint8 by camera: which of `SceneSet.instances` each pixel shows.
    """

    seed: int
    pictures: Mapping[str, ImageArray]
    ids: Mapping[str, NDArray[np.uint8]]


def write_scene_set(folder: Path, description: SceneSet) -> None:
    """Write the JSON file, or check that the one there says the same.

    Raises:
        ConfigError: the folder holds scenes that were made otherwise.
    """
    write_once(folder / DESCRIPTION_FILE, description)


def read_scene_set(folder: Path) -> SceneSet:
    """Read the JSON file.

    Raises:
        ConfigError: it is missing or malformed.
    """
    remedy = f"make some: noetra scenes --out {folder}"
    return read_json(folder / DESCRIPTION_FILE, SceneSet, remedy)


def scene_path(folder: Path, seed: int) -> Path:
    """File of the scene with that seed."""
    return folder / f"scene_{seed:09d}.npz"


def scene_paths(folder: Path) -> list[Path]:
    """All scenes of a folder, by seed."""
    return sorted(folder.glob("scene_*.npz"))


def write_scene(folder: Path, scene: Scene) -> None:
    """Write one scene; the file appears whole or not at all."""
    path = scene_path(folder, scene.seed)
    unfinished = path.with_suffix(".part")
    arrays: dict[str, NDArray[np.uint8]] = {
        f"picture_{name}": stack for name, stack in scene.pictures.items()
    }
    arrays |= {f"ids_{name}": stack for name, stack in scene.ids.items()}
    with unfinished.open("wb") as stream:
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    unfinished.replace(path)


def read_scene(path: Path, cameras: tuple[str, ...]) -> Scene:
    """Read one scene.

    Raises:
        ConfigError: the file is damaged or lacks a camera.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            pictures = {name: content[f"picture_{name}"] for name in cameras}
            ids = {name: content[f"ids_{name}"] for name in cameras}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        remedy = "delete the file and run noetra scenes again; it makes what is missing"
        raise single_fault(str(path), "file", error, "a rendered scene", remedy) from error
    return Scene(int(path.stem.rpartition("_")[2]), pictures, ids)
