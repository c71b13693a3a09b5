from __future__ import annotations

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.models.vocabulary import Vocabulary, build_vocabulary, split_words

WORDS = Vocabulary(("cube", "pick", "red", "the", "up"), length=6)


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("pick up the red cube", [3, 6, 5, 4, 2, 0]),
        ("  Pick UP, the red cube!! ", [3, 6, 5, 4, 2, 0]),
        ("pick the mauve cube", [3, 5, 1, 2, 0, 0]),
        ("", [0, 0, 0, 0, 0, 0]),
        ("the the the the the the red", [5, 5, 5, 5, 5, 5]),
    ],
)
def test_a_sentence_becomes_numbers(sentence, numbers):
    assert WORDS.encode(sentence).tolist() == numbers


def test_numbers_start_after_padding_and_unknown():
    assert WORDS.size == 7


def test_words_are_letters_only():
    assert split_words("Cube #2, don't!") == ["cube", "don", "t"]


def test_a_vocabulary_is_alphabetical_and_each_word_once():
    assert build_vocabulary(["pick the cube", "The red cube"]).words == ("cube", "pick", "red", "the")


def test_a_word_given_twice_is_refused():
    with pytest.raises(ConfigError, match="red more than once"):
        Vocabulary(("red", "cube", "red"))


def test_a_sentence_length_of_zero_is_refused():
    with pytest.raises(ConfigError, match="length"):
        Vocabulary(("red",), length=0)
