"""Words to numbers: lower case, letters only, unknown words share one number, short sentences are padded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault

PAD = 0
UNKNOWN = 1
FIRST_WORD = 2
_WORD = re.compile(r"[a-z]+")


def split_words(sentence: str) -> list[str]:
    """Lower-case words of a sentence; digits and punctuation fall away."""
    return _WORD.findall(sentence.lower())


@dataclass(frozen=True)
class Vocabulary:
    """Known words; the number of a word is its place + 2.

    Attributes:
        words: known words, each once.
        length: words of a sentence that are read; the rest is cut off.
    """

    words: tuple[str, ...]
    length: int = 16

    def __post_init__(self) -> None:
        if len(set(self.words)) != len(self.words):
            twice = sorted({w for w in self.words if self.words.count(w) > 1})
            raise single_fault("vocabulary", "words", f"{', '.join(twice)} more than once", "each word once")
        if self.length < 1:
            raise single_fault("vocabulary", "length", self.length, ">= 1")
        object.__setattr__(self, "_numbers", {w: i + FIRST_WORD for i, w in enumerate(self.words)})

    @property
    def size(self) -> int:
        """Numbers in use, padding and unknown included."""
        return len(self.words) + FIRST_WORD

    def encode(self, sentence: str) -> NDArray[np.int64]:
        """(length,) numbers of the words of a sentence; 1 for an unknown word, 0 after its end."""
        numbers: dict[str, int] = object.__getattribute__(self, "_numbers")
        row = np.full(self.length, PAD, dtype=np.int64)
        for place, word in enumerate(split_words(sentence)[: self.length]):
            row[place] = numbers.get(word, UNKNOWN)
        return row


def build_vocabulary(sentences: Iterable[str], length: int = 16) -> Vocabulary:
    """Vocabulary of all words of the sentences, in alphabetical order."""
    return Vocabulary(tuple(sorted({word for s in sentences for word in split_words(s)})), length)
