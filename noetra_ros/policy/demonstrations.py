"""Demonstrations on disk: one NPZ file an episode, beside it one JSON file that says how all were made."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ImageArray
from noetra_ros.learning.descriptions import read_json, write_once

DESCRIPTION_FILE = "demonstrations.json"


@dataclass(frozen=True)
class DemonstrationSet:
    """How a folder of demonstrations was made; training copies it into the checkpoint.

    Attributes:
        robot: profile name.
        joints: joint order of states and actions.
        unit: their unit.
        cameras: (width, height) px by camera name.
        step_s: s between rows of a chunk, and between recorded frames.
        rows: rows of a chunk.
        tasks: task names.
        seed: first seed of the run.
        variation: level of domain randomisation.
        sentences: wordings by task and colour.
        heldout: sentences that training must never see.
    """

    robot: str
    joints: tuple[str, ...]
    unit: str
    cameras: dict[str, tuple[int, int]]
    step_s: float
    rows: int
    tasks: tuple[str, ...]
    seed: int
    variation: str
    sentences: dict[str, dict[str, tuple[str, ...]]]
    heldout: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = {s for colours in self.sentences.values() for group in colours.values() for s in group}
        if leaked := sorted(known & set(self.heldout)):
            raise single_fault("demonstrations", "sentences", "; ".join(leaked), "no held-out sentence")


@dataclass(frozen=True)
class Demonstration:
    """One recorded episode; T decisions.

    Attributes:
        tasks: (T,) text, what was asked for at each decision (it may change on the way).
        colours: (T,) text, of the cube that was meant.
        pictures: (T, H, W, 3) uint8 by camera.
        joints: (T, n) float32, measured, rad.
        chunks: (T, rows, n) float32, the expert's clean answer, rad.
        seed: seed of the world.
        driver: who moved the arm: `expert`, or the model whose mistakes the expert's answers correct.
    """

    tasks: NDArray[np.str_]
    colours: NDArray[np.str_]
    pictures: Mapping[str, ImageArray]
    joints: NDArray[np.float32]
    chunks: NDArray[np.float32]
    seed: int
    driver: str = field(default="expert")

    def __len__(self) -> int:
        return len(self.joints)


def write_description(folder: Path, description: DemonstrationSet) -> None:
    """Write the JSON file, or check that the one there says the same (a run that is continued).

    Raises:
        ConfigError: the folder holds demonstrations that were made otherwise.
    """
    write_once(folder / DESCRIPTION_FILE, description)


def read_description(folder: Path) -> DemonstrationSet:
    """Read the JSON file.

    Raises:
        ConfigError: it is missing or malformed.
    """
    remedy = f"make some: noetra demos --out {folder}"
    return read_json(folder / DESCRIPTION_FILE, DemonstrationSet, remedy)


def episode_path(folder: Path, seed: int) -> Path:
    """File of the episode with that seed."""
    return folder / f"episode_{seed:09d}.npz"


def write_episode(folder: Path, demonstration: Demonstration) -> None:
    """Write one episode; the file appears whole or not at all."""
    path = episode_path(folder, demonstration.seed)
    unfinished = path.with_suffix(".part")
    pictures = {f"picture_{name}": stack for name, stack in demonstration.pictures.items()}
    with unfinished.open("wb") as stream:
        np.savez_compressed(
            stream,
            tasks=demonstration.tasks,
            colours=demonstration.colours,
            joints=demonstration.joints,
            chunks=demonstration.chunks,
            driver=np.array(demonstration.driver),
            **pictures,  # type: ignore[arg-type]
        )
    unfinished.replace(path)


def read_episode(path: Path) -> Demonstration:
    """Read one episode.

    Raises:
        ConfigError: the file is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            pictures = {k[len("picture_") :]: content[k] for k in content.files if k.startswith("picture_")}
            return Demonstration(
                tasks=content["tasks"],
                colours=content["colours"],
                pictures=pictures,
                joints=content["joints"],
                chunks=content["chunks"],
                seed=int(path.stem.rpartition("_")[2]),
                driver=str(content["driver"]),
            )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        remedy = "delete the file and run noetra demos again; it makes what is missing"
        raise single_fault(str(path), "file", error, "an episode of demonstrations", remedy) from error


def episode_files(folder: Path) -> list[Path]:
    """All episodes of a folder, by seed."""
    return sorted(folder.glob("episode_*.npz"))
