"""What the page says, in the language that a person chose: a small table for each, in words/.

Why a check stopped the robot is said in the words that everybody uses (`core/wording.py`).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import single_fault
from noetra_ros.core.wording import load_wording

FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Words:
    """One language."""

    language: str = setting(description="two letters, ISO 639-1; equals the file name")
    name: str = setting(description="of the language, in itself")
    modes: dict[str, tuple[str, str]] = setting(description="title and sentence by SafetyState.MODE_*")
    phases: dict[str, str] = setting(description="what each phase of the bring-up but the last means")
    labels: dict[str, str] = setting(description="everything else")

    def mode(self, name: str) -> tuple[str, str]:
        """Title and sentence of a mode; a mode of a newer supervisor is its own name."""
        return self.modes.get(name, (name, ""))

    def phase(self, name: str) -> str:
        """What a phase of the bring-up means; one of a newer supervisor is its own name."""
        return self.phases.get(name, name)

    def check(self, name: str) -> str:
        """Why, in one sentence; a check without one (your own) is its name."""
        shared = load_wording(self.language).checks
        return shared[name].why if name in shared else name

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
