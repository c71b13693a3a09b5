"""What the page says, in the language that a person chose: one small table for each, in words/."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import single_fault

FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Words:
    """One language."""

    name: str = setting(description="of the language, in itself")
    modes: dict[str, tuple[str, str]] = setting(description="title and sentence by SafetyState.MODE_*")
    checks: dict[str, str] = setting(description="why, by the name of the check")
    labels: dict[str, str] = setting(description="everything else")

    def mode(self, name: str) -> tuple[str, str]:
        """Title and sentence of a mode; a mode of a newer supervisor is its own name."""
        return self.modes.get(name, (name, ""))

    def check(self, name: str) -> str:
        """Why, in one sentence; a check without one (your own) is its name."""
        return self.checks.get(name, name)

    def label(self, name: str, **values: object) -> str:
        """Words of the page, with values put in.

        Raises:
            KeyError: a label that the table lacks.
        """
        return self.labels[name].format(**values) if values else self.labels[name]


def languages() -> tuple[str, ...]:
    """Codes of the languages that there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@functools.cache
def words_of(language: str) -> Words:
    """The table of a language.

    Raises:
        ConfigError: no such language, or a table with faults.
    """
    path = FOLDER / f"{language}.yaml"
    if language not in languages():
        raise single_fault("live page", "language", repr(language), f"one of {', '.join(languages())}")
    return load(Words, read_yaml(path), str(path))
