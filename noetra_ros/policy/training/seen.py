"""What frozen eyes have found in all demonstrations: computed once, learned from many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from noetra_ros.learning.augment import Augmentation, augment
from noetra_ros.policy.checkpoint import read_config
from noetra_ros.policy.models.bundle import load_weights, vocabulary_of
from noetra_ros.policy.models.nano import NanoNetwork
from noetra_ros.policy.models.vocabulary import Vocabulary
from noetra_ros.policy.training.dataset import Dataset

SEEN_FILE = "seen.safetensors"
PART = 128  # decisions that are looked at together
WORD_DROP, KEEP_EVERY = 0.12, 20

OnLook = Callable[[int, int], None]


@dataclass(frozen=True)
class Seen:
    """Decisions as the encoders of noetra_nano see them, each with its own draw of light and wording.

    Attributes:
        found: (N, cameras, f) places and what is there.
        sentence: (N, s) the sentence, encoded.
        joints: (N, n) rad.
        chunks: (N, rows, n) the expert's answers, rad.
        is_check: (N,) bool, kept back from learning; these are not augmented.
        numbers: (N,) of the decision in the data set.
    """

    found: Tensor
    sentence: Tensor
    joints: Tensor
    chunks: Tensor
    is_check: Tensor
    numbers: Tensor

    def __len__(self) -> int:
        return len(self.joints)

    def rows(self, numbers: Tensor) -> Seen:
        """The decisions of these numbers."""
        return Seen(**{name: tensor[numbers] for name, tensor in vars(self).items()})


@dataclass(frozen=True)
class Looking:
    """How often and under which disturbances the pictures are looked at.

    Attributes:
        draws: looks at each decision.
        word_drop: share of words made unknown.
        keep_every: each n-th episode is kept back.
        seed: of all draws.
        augmentation: of the pictures.
    """

    draws: int
    word_drop: float
    keep_every: int
    seed: int
    augmentation: Augmentation


def look_once(
    dataset: Callable[[], Dataset], eyes: Path, out: Path, looks: int, seed: int, show: OnLook
) -> Seen:
    """What the eyes find in the demonstrations; what an earlier run has kept in `out` is taken from there.

    Args:
        dataset: gives the demonstrations; called only where they have to be looked at.
        eyes: checkpoint of a noetra_nano.
        out: folder that keeps what is found.
        looks: at each decision, each in other light.
        seed: of the augmentation.
        show: is told how far it is.
    """
    kept = read_seen(out)
    if kept is not None:
        return kept
    config = read_config(eyes)
    looking = Looking(looks, WORD_DROP, KEEP_EVERY, seed, Augmentation())
    seen = look_at(dataset(), load_weights(eyes, config), vocabulary_of(config), looking, show)
    save_seen(out, seen)
    return seen


def look_at(
    dataset: Dataset,
    eyes: NanoNetwork,
    vocabulary: Vocabulary,
    looking: Looking,
    on_progress: OnLook | None = None,
) -> Seen:
    """Run the encoders over all demonstrations.

    Args:
        dataset: demonstrations.
        eyes: trained network whose encoders look.
        vocabulary: the one that it was trained with.
        looking: how.
        on_progress: called with decisions looked at and decisions in all.
    """
    learn, check = dataset.split(looking.keep_every)
    jobs = [(rows, False) for _ in range(looking.draws) for rows in _parts(learn)]
    jobs += [(rows, True) for rows in _parts(check)]
    parts, done = [], 0
    total = sum(len(rows) for rows, _ in jobs)
    for number, (rows, is_check) in enumerate(jobs):
        parts.append(_look(dataset, eyes, vocabulary, looking, rows, is_check, number))
        done += len(rows)
        if on_progress is not None:
            on_progress(done, total)
    return Seen(**{name: torch.cat([vars(part)[name] for part in parts]) for name in vars(parts[0])})


def save_seen(folder: Path, seen: Seen) -> None:
    """Write it, so that a run that was cut off need not look again."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{SEEN_FILE}.part"
    save_file({name: tensor.contiguous() for name, tensor in vars(seen).items()}, str(unfinished))
    unfinished.replace(folder / SEEN_FILE)


def read_seen(folder: Path) -> Seen | None:
    """What an earlier run has written; None = nothing."""
    path = folder / SEEN_FILE
    return Seen(**load_file(str(path))) if path.is_file() else None


@torch.no_grad()
def _look(
    dataset: Dataset,
    eyes: NanoNetwork,
    vocabulary: Vocabulary,
    looking: Looking,
    rows: np.ndarray,
    is_check: bool,
    number: int,
) -> Seen:
    rng = np.random.default_rng([looking.seed, number])
    generator = torch.Generator().manual_seed(looking.seed * 1_000_003 + number)
    batch = dataset.batch(rows, rng, vocabulary, 0.0 if is_check else looking.word_drop)
    pictures = batch.pictures.movedim(-1, -3).float().flatten(0, 1) / 255.0
    if not is_check:
        pictures = augment(pictures, looking.augmentation, generator)
    pictures = pictures.mul(2.0).sub(1.0).unflatten(0, batch.pictures.shape[:2])
    sentence = eyes.sentence(batch.tokens)
    found = [see(pictures[:, i], sentence) for i, see in enumerate(eyes.cameras)]
    flags = torch.full((len(rows),), is_check)
    numbers_seen = torch.from_numpy(rows)
    return Seen(torch.stack(found, dim=1), sentence, batch.joints, batch.chunks, flags, numbers_seen)


def _parts(rows: np.ndarray) -> list[np.ndarray]:
    return np.array_split(rows, max(1, len(rows) // PART))
