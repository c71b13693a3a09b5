"""The least time that a card could take for an inference: the slower of computing and reading, by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """Peaks of a card as its maker's data sheet gives them.

    Attributes:
        flop_per_s: dense bfloat16 with float32 sums, without sparsity.
        byte_per_s: of its memory.
    """

    flop_per_s: float
    byte_per_s: float


# By a part of the name that the driver gives; the first that fits counts. Source: NVIDIA's data sheets.
CARDS: dict[str, Card] = {
    "H100 PCIe": Card(756e12, 2.0e12),
    "H100": Card(989e12, 3.35e12),
    "H200": Card(989e12, 4.8e12),
    "A100": Card(312e12, 2.0e12),
    "L40S": Card(362e12, 0.864e12),
    "RTX 4090": Card(165e12, 1.008e12),
}


@dataclass(frozen=True)
class Work:
    """One part of an inference; parts follow one another.

    Attributes:
        name: for people.
        flop: additions and multiplications.
        byte: read from memory at least once: weights, keys and values.
        count: times that it is done.
    """

    name: str
    flop: float
    byte: float
    count: int = 1


def bound_s(parts: Sequence[Work], card: Card) -> float:
    """Least time, s: every part at the peak of what binds it."""
    return sum(p.count * max(p.flop / card.flop_per_s, p.byte / card.byte_per_s) for p in parts)
