"""What a corrector learns from: demonstrations, and beside each what it was told of the chunk."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import ConfigError, Fault, single_fault


@dataclass(frozen=True)
class AheadTrack:
    """`Ahead` at each of the T looks of an episode.

    Attributes:
        base: (T, rows + 1, n) float32, rad.
        planned: (T, n) float32, rad.
        age_s: (T,) float32.
        left_s: (T,) float32.
    """

    base: NDArray[np.float32]
    planned: NDArray[np.float32]
    age_s: NDArray[np.float32]
    left_s: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.base)


def track_path(folder: Path, seed: int) -> Path:
    """File beside the episode with that seed."""
    return folder / f"ahead_{seed:09d}.npz"


def write_track(folder: Path, seed: int, track: AheadTrack) -> None:
    """Write it; the file appears whole or not at all."""
    unfinished = track_path(folder, seed).with_suffix(".part")
    with unfinished.open("wb") as stream:
        np.savez_compressed(
            stream, base=track.base, planned=track.planned, age_s=track.age_s, left_s=track.left_s
        )
    unfinished.replace(track_path(folder, seed))


def read_track(folder: Path, seed: int, looks: int, rows: int, joints: int) -> AheadTrack:
    """Read it.

    Args:
        folder: of the episodes.
        seed: of the episode.
        looks: in the episode.
        rows: offsets at which it was corrected.
        joints: of the robot.

    Raises:
        ConfigError: missing, damaged, or of another size than the episode.
    """
    path = track_path(folder, seed)
    remedy = "delete the episode and run noetra corrections again; it makes what is missing"
    try:
        with np.load(path, allow_pickle=False) as content:
            track = AheadTrack(*(content[key] for key in ("base", "planned", "age_s", "left_s")))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise single_fault(str(path), "file", error, "what the corrector was told", remedy) from error
    expected = {
        "base": (looks, rows + 1, joints),
        "planned": (looks, joints),
        "age_s": (looks,),
        "left_s": (looks,),
    }
    faults = [
        Fault(key, str(getattr(track, key).shape), str(shape), remedy)
        for key, shape in expected.items()
        if getattr(track, key).shape != shape
    ]
    if faults:
        raise ConfigError(str(path), faults)
    return track


def join_tracks(parts: list[AheadTrack]) -> AheadTrack:
    """One after another."""
    return AheadTrack(
        np.concatenate([part.base for part in parts]),
        np.concatenate([part.planned for part in parts]),
        np.concatenate([part.age_s for part in parts]),
        np.concatenate([part.left_s for part in parts]),
    )
