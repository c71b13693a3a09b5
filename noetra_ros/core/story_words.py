"""The sentences that tell a stop, as templates: a language fills in its own; words in braces are put in."""

from __future__ import annotations

import string
from dataclasses import dataclass, fields
from typing import Any

from noetra_ros.core.config import setting
from noetra_ros.core.errors import Fault


@dataclass(frozen=True)
class StoryWords:
    """Sentences around a stop; each with the space or mark that parts it from the next one."""

    clock: str = setting(description="a moment: {time} {date}")
    milliseconds: str = setting(description="a short duration: {value}")
    seconds: str = setting(description="a longer duration: {value}")
    and_others: str = setting(description="the first of many names: {first} {count}")
    stop: str = setting(description="when, what and which check: {when} {what} {check} {reason}")
    silent: str = setting(description="the supervisor fell silent: {when} {reason}")
    stopped: dict[str, str] = setting(description="what it did, by mode; `other`: {mode}")
    no_reason: str = setting(description="in place of the check's own words")
    person_near: str = setting(description="{link} {distance} {track} {required}")
    armed_before: str = setting(description="{time}")
    slowed_before: str = setting(description="{time} {scale} {why}")
    because: str = setting(description="a reason in brackets: {reason}")
    no_command: str = setting(description="none came in before the stop")
    just_before: str = setting(description="a moment just before the stop")
    before: str = setting(description="a moment before the stop: {time}")
    no_numbers: str = setting(description="a command that held none: {when} {axes}")
    several_such: str = setting(description="{count} {time}")
    all_before_good: str = setting(description="all commands before it were numbers")
    source_silent: str = setting(description="{when}")
    last_command: str = setting(description="{when} {asked}")
    asked_values: str = setting(description="what it asked for: {values}")
    asked_here: str = setting(description="it asked for where the robot was")
    asked_joint: str = setting(description="{axis} {value} {gap}")
    policy: str = setting(description="{model} {state} {why} {instruction}")
    no_name: str = setting(description="a policy without a name")
    sentence: str = setting(description="the instruction: {instruction}")
    no_instruction: str = setting(description="there is none")
    stood: str = setting(description="{time} {axis} {way} {unit}")
    stood_at_once: str = setting(description="it did not go on at all")
    not_seen_to_stand: str = setting(description="the file does not show it")
    went_on: str = setting(description="{time}")
    in_another_mode: str = setting(description="it did not go on: {time} {mode}")
    still_stopped: str = setting(description="when the file ends: {time}")
    later_mode: str = setting(description="{time} {mode} {reason}")
    stopped_again: str = setting(description="once more: {time} {reason}")
    stopped_often: str = setting(description="{count} {time} {reason}")
    what_to_do: str = setting(description="{do}")
    caveats: dict[str, str] = setting(description="of the file itself, by the name in IncidentFacts.caveats")
    between: str = setting(description="between two sentences")

    def duration(self, time_s: float) -> str:
        """A duration for a person: milliseconds below a tenth of a second."""
        if abs(time_s) < 0.1:
            return self.milliseconds.format(value=f"{time_s * 1e3:.0f}")
        return self.seconds.format(value=f"{time_s:.2f}")

    def listed(self, names: list[str]) -> str:
        """All of few, the first of many."""
        if len(names) <= 3:
            return ", ".join(names)
        return self.and_others.format(first=names[0], count=len(names) - 1)


def placeholder_faults(own: Any, other: Any) -> list[Fault]:
    """Templates of two languages that do not take the same words."""
    faults = []
    for name, template in _templates(own).items():
        theirs = _templates(other).get(name, "")
        if _placeholders(template) != _placeholders(theirs):
            faults.append(Fault(name, repr(theirs), f"the words in braces of {template!r}"))
    return faults


def _templates(words: Any) -> dict[str, str]:
    found = {}
    for field in fields(words):
        value = getattr(words, field.name)
        parts = value.items() if isinstance(value, dict) else [("", value)]
        found.update({f"{field.name}.{key}".rstrip("."): text for key, text in parts})
    return found


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
