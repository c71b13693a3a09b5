"""The tables of words: whole, alike in every language."""

import string

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.wording import load_wording
from noetra_ros.evaluation.report.palette import MODE_STYLES
from noetra_ros.safety.checks import check_registry
from noetra_ros.view.wording import languages, words_of


def test_there_is_english_and_japanese():
    assert {"en", "ja"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_every_mode_has_words_and_every_check_the_sentence_that_everybody_uses(language):
    words = words_of(language)
    assert words.language == language
    assert set(words.modes) == set(MODE_STYLES)
    for name in check_registry.names():
        assert words.check(name) == load_wording(language).checks[name].why


@pytest.mark.parametrize("language", languages())
def test_every_language_says_the_same_things_with_the_same_values(language):
    english, other = words_of("en"), words_of(language)
    assert set(other.labels) == set(english.labels)
    assert {name: fields(text) for name, text in other.labels.items()} == {
        name: fields(text) for name, text in english.labels.items()
    }


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_an_unknown_language_is_refused_with_those_that_there_are():
    with pytest.raises(ConfigError, match="one of en, ja"):
        words_of("xx")


def test_a_check_of_ones_own_is_called_by_its_name():
    assert words_of("en").check("tool_height") == "tool_height"
    assert words_of("ja").mode("newer_mode") == ("newer_mode", "")
