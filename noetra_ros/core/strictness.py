"""Which of two values of a setting is the more restrictive one, and the most restrictive of several.

Every direction is a total rule: the most restrictive of any values is at least as restrictive as each of
them, and does not depend on their order (of lists: which names it holds; the first one's order is kept).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

ANY = "*"  # in a list of what is allowed: all of it


class Direction(Protocol):
    """Where "more restrictive" points.

    Attributes:
        words: for a person.
    """

    @property
    def words(self) -> str:
        """For a person."""
        ...

    def strictest(self, values: Sequence[Any]) -> Any:
        """The most restrictive of one or more values."""
        ...

    def is_as_strict(self, value: Any, other: Any) -> bool:
        """Is `value` as restrictive as `other`, or more?"""
        ...


class Rule(Enum):
    """What stands in place of a direction."""

    LATER_WINS = "not a safety value: what is said later wins"
    NOT_OF_SECTORS = "belongs to one robot, site or start: a sector may not say it"


@dataclass(frozen=True)
class Lower:
    """A smaller number is more restrictive; None = no limit."""

    words: str = "lower"

    def strictest(self, values: Sequence[float | None]) -> float | None:
        """See `Direction`, as in all that follow."""
        return min(values, key=_or_infinite)

    def is_as_strict(self, value: float | None, other: float | None) -> bool:
        """Not above the other."""
        return _or_infinite(value) <= _or_infinite(other)


@dataclass(frozen=True)
class Higher:
    """A larger number is more restrictive."""

    words: str = "higher"

    def strictest(self, values: Sequence[float]) -> float:
        """The largest."""
        return max(values)

    def is_as_strict(self, value: float, other: float) -> bool:
        """Not below the other."""
        return value >= other


@dataclass(frozen=True)
class Flag:
    """One of true and false is more restrictive."""

    strict: bool

    @property
    def words(self) -> str:
        """See `Direction`."""
        return str(self.strict).lower()

    def strictest(self, values: Sequence[bool]) -> bool:
        """The restrictive one where anybody says so."""
        return self.strict if self.strict in values else not self.strict

    def is_as_strict(self, value: bool, other: bool) -> bool:
        """Restrictive itself, or the other is not."""
        return value is self.strict or other is not self.strict


@dataclass(frozen=True)
class Ordered:
    """Words in an order, the most restrictive first."""

    order: tuple[str, ...]

    @property
    def words(self) -> str:
        """See `Direction`."""
        return " before ".join(self.order)

    def strictest(self, values: Sequence[str]) -> str:
        """The one that stands first."""
        return min(values, key=self.order.index)

    def is_as_strict(self, value: str, other: str) -> bool:
        """Not behind the other."""
        return self.order.index(value) <= self.order.index(other)


@dataclass(frozen=True)
class EveryName:
    """A longer list is more restrictive: what anybody asks for is asked for. A blank name is none."""

    words: str = "all names of all"

    def strictest(self, values: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """All names."""
        first, *others = (_names(value) for value in values)
        more = sorted({name for names in others for name in names} - {*first})
        return _or_blank([*first, *more])

    def is_as_strict(self, value: Sequence[str], other: Sequence[str]) -> bool:
        """Holds all names of the other."""
        return {*_names(other)} <= {*_names(value)}


@dataclass(frozen=True)
class CommonNames:
    """A list of what is allowed: allowed is what all allow. ``*`` allows everything, a blank list nothing."""

    words: str = "names that all allow"

    def strictest(self, values: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """The names that are in each list."""
        lists = [_names(value) for value in values if ANY not in value]
        if not lists:
            return (ANY,)
        kept = set(lists[0]).intersection(*lists[1:])
        return _or_blank([name for name in lists[0] if name in kept])

    def is_as_strict(self, value: Sequence[str], other: Sequence[str]) -> bool:
        """Allows nothing that the other does not."""
        return ANY in other or (ANY not in value and {*_names(value)} <= {*_names(other)})


@dataclass(frozen=True)
class Reactions:
    """A list of ``name=reaction``: for each name the most restrictive reaction that anybody states.

    Attributes:
        order: reactions, the most restrictive first.
    """

    order: tuple[str, ...]

    @property
    def words(self) -> str:
        """See `Direction`."""
        return f"for each name: {' before '.join(self.order)}"

    def strictest(self, values: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """One entry for each name."""
        first, *others = (_pairs(value) for value in values)
        names = [*first, *sorted({name for pairs in others for name in pairs} - {*first})]
        stated = {name: [pairs[name] for pairs in (first, *others) if name in pairs] for name in names}
        return tuple(f"{name}={min(words, key=self._rank)}" for name, words in stated.items())

    def is_as_strict(self, value: Sequence[str], other: Sequence[str]) -> bool:
        """Reacts to each name of the other, and no more mildly."""
        own = _pairs(value)
        return all(
            name in own and self._rank(own[name]) <= self._rank(word) for name, word in _pairs(other).items()
        )

    def _rank(self, word: str) -> int:
        """An unknown word is the mildest: whoever reads the list refuses it."""
        return self.order.index(word) if word in self.order else len(self.order)


def _or_infinite(value: float | None) -> float:
    return math.inf if value is None else value


def _names(value: Iterable[str]) -> list[str]:
    return [name for name in value if name]


def _or_blank(names: list[str]) -> tuple[str, ...]:
    """ROS parameters cannot hold an empty list; [""] stands for it."""
    return tuple(names) or ("",)


def _pairs(value: Iterable[str]) -> dict[str, str]:
    return {name: word for name, _, word in (entry.partition("=") for entry in value if entry)}
