"""Every language has words for every check and takes the same values in its sentences."""

import dataclasses
import re

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_names
from noetra_ros.core.wording import EXPLAINERS, LANGUAGES, load_wording, wording_faults, wordings
from noetra_ros.safety.checks import check_registry

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


def test_the_languages_are_the_files():
    assert tuple(config_names("languages")) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_is_explained_and_nothing_else(language):
    assert {*load_wording(language).checks} == {*check_registry.names(), *EXPLAINERS}


def test_the_languages_say_the_same():
    assert wording_faults(load_wording("en"), load_wording("ja")) == []


def test_a_missing_entry_and_another_placeholder_are_found():
    en, ja = load_wording("en"), load_wording("ja")
    torn = dataclasses.replace(
        ja,
        modes={"active": "動作中"},
        story=dataclasses.replace(ja.story, went_on="再開しました。", stopped={"other": "{mode}"}),
    )
    keys = {fault.key for fault in wording_faults(en, torn)}
    assert {"modes.standby", "went_on", "stop"} & keys == {"modes.standby", "went_on"}


@pytest.mark.parametrize("name", [*check_registry.names(), *EXPLAINERS])
def test_explanations_are_whole_sentences(name):
    en, ja = (load_wording(language).check(name) for language in ("en", "ja"))
    assert en.why.endswith(".") and en.do.endswith(".")
    assert ja.why.endswith("。") and ja.do.endswith("。")
    assert JAPANESE.search(ja.why) and JAPANESE.search(ja.do) and JAPANESE.search(ja.name)
    assert not JAPANESE.search(en.why + en.do + en.name)


def test_both_is_japanese_first():
    assert [wording.language for wording in wordings("both")] == ["ja", "en"]
    assert [wording.language for wording in wordings("en")] == ["en"]
    with pytest.raises(ConfigError, match=r"'fr'.*en, ja, both"):
        wordings("fr")


def test_a_check_of_your_own_has_words_too():
    assert "log" in load_wording("en").check("my_own_check").do
