"""What people are told: plain words for modes, checks and stops; one file for each language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import Fault, single_fault
from noetra_ros.core.resources import config_file
from noetra_ros.core.story_words import StoryWords, placeholder_faults

FOLDER = "languages"
LANGUAGES = ("en", "ja")
BOTH = "both"
CHOICES = (*LANGUAGES, BOTH)
# What explains itself beside the checks of noetra_ros/safety/checks.
EXPLAINERS = ("limiter", "operator", "projection", "supervisor", "trajectory")


@dataclass(frozen=True)
class CheckWords:
    """What a check means to a person who does not know its name."""

    name: str = setting(description="what is watched: a few words")
    why: str = setting(description="why the robot was slowed or stopped: a whole sentence")
    do: str = setting(description="what a person can do about it: whole sentences")


@dataclass(frozen=True)
class RunWords:
    """Words of `noetra run`."""

    line: str = setting(description="one line while it runs: {instruction} {elapsed} {limit} {mode}")
    not_armed: str = setting(description="beside the mode where nobody has armed the robot")
    refused: str = setting(description="--arm was refused: {reason}")
    stopped: str = setting(description="the robot was stopped: {mode} {why} {do}")
    ended: str = setting(description="the last line: {end} {time} {detail}")
    ends: dict[str, str] = setting(description="ends of a task, by the name in RunTask.Result.END_*")


@dataclass(frozen=True)
class Wording:
    """All words of one language."""

    language: str = setting(description="two letters, ISO 639-1; equals the file name")
    modes: dict[str, str] = setting(description="modes of the supervisor, by the name in SafetyState")
    policy_states: dict[str, str] = setting(description="what a policy does, by the name in PolicyStatus")
    checks: dict[str, CheckWords] = setting(description="every check, and EXPLAINERS")
    unknown: CheckWords = setting(description="for a check without an entry: your own")
    story: StoryWords = setting(description="sentences around a stop")
    run: RunWords = setting(description="words of noetra run")

    def check(self, name: str) -> CheckWords:
        """Words of a check."""
        return self.checks.get(name, self.unknown)

    def mode(self, name: str) -> str:
        """Words of a mode."""
        return self.modes.get(name, name.replace("_", " "))


@cache
def load_wording(language: str) -> Wording:
    """Load ``config/languages/<language>.yaml``.

    Raises:
        ConfigError: no such language, or every fault of the file.
    """
    path = config_file(FOLDER, language)
    wording = load(Wording, read_yaml(path), str(path))
    if wording.language != path.stem:
        raise single_fault(str(path), "language", repr(wording.language), repr(path.stem))
    return wording


def wordings(choice: str) -> list[Wording]:
    """The languages of a choice: one, or each of them where it is ``both``, Japanese first.

    Raises:
        ConfigError: another choice.
    """
    if choice not in CHOICES:
        raise single_fault("language", "language", repr(choice), f"one of {', '.join(CHOICES)}")
    return [load_wording(name) for name in (("ja", "en") if choice == BOTH else (choice,))]


def wording_faults(wording: Wording, other: Wording) -> list[Fault]:
    """Where two languages do not say the same: an entry or a placeholder that one of them lacks."""
    faults = []
    for part in ("modes", "policy_states", "checks"):
        own, theirs = getattr(wording, part).keys(), getattr(other, part).keys()
        faults += [Fault(f"{part}.{name}", "in one language alone", "in each") for name in own ^ theirs]
    if wording.run.ends.keys() != other.run.ends.keys():
        faults.append(Fault("run.ends", "not the same ends", "the same"))
    return (
        faults + placeholder_faults(wording.story, other.story) + placeholder_faults(wording.run, other.run)
    )
