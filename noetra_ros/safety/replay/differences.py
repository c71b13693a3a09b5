"""What differs between two answers of the supervisor, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from noetra_ros.safety.events import Event
from noetra_ros.safety.judged_separation import SeparationJudgement
from noetra_ros.safety.modes import Mode, Transition
from noetra_ros.safety.replay.packing import field_names, packer
from noetra_ros.safety.report import Decision, Part, SafetyReport
from noetra_ros.safety.separation import SeparationTerms
from noetra_ros.safety.verdict import Action, Verdict

# What the lists in an answer are, by the name of the field that holds them.
KINDS: dict[str, type] = {
    "answer": Decision,
    "report": SafetyReport,
    "verdict": Verdict,
    "separation": SeparationJudgement,
    "terms": SeparationTerms,
}
ITEMS: dict[str, type] = {"events": Event, "transitions": Transition, "parts": Part}
Axes = Mapping[str, Sequence[str]]
WORDS = {"mode": Mode, "before": Mode, "after": Mode, "action": Action}
_pack = packer()


def words_of(then: Any, now: Any, axes: Axes) -> Iterator[str]:
    """One line for each part that differs.

    Args:
        then: plain form of the recorded answer.
        now: plain form of the new one.
        axes: names of the values that go to each channel; of a single one under no name.
    """
    yield from _differing("", "answer", then, now, axes, "")


def _differing(path: str, name: str, then: Any, now: Any, axes: Axes, channel: str) -> Iterator[str]:
    if _pack(then) == _pack(now):
        return
    parts = _parts(name, then, now, axes.get(channel, ()))
    if parts is None:
        label = path or "answer"
        yield f"{label}: {_word(name, then)} then, {_word(name, now)} now"
        return
    if name == "part":
        channel = str(now[0])
    for part, (old, new) in parts.items():
        above = "" if name in ITEMS else f"{path}."
        yield from _differing(f"{above}{part}".lstrip("."), part.partition("[")[0], old, new, axes, channel)


def _parts(name: str, then: Any, now: Any, axes: Sequence[str]) -> dict[str, tuple[Any, Any]] | None:
    """The parts of two values of one form, by name; None = they have none in common."""
    if not (isinstance(then, list) and isinstance(now, list)):
        return None
    if name in ITEMS:
        length = max(len(then), len(now))
        rows = [[*values, *[None] * (length - len(values))] for values in (then, now)]
        return {f"{name[:-1]}[{i}]": pair for i, pair in enumerate(zip(*rows, strict=True))}
    kind = KINDS.get(name) or ITEMS.get(f"{name}s")
    names = field_names(kind) if kind else tuple(axes) if name == "values" else ()
    if not len(names) == len(then) == len(now):
        return None
    return {part: (old, new) for part, old, new in zip(names, then, now, strict=True)}


def _word(name: str, value: Any) -> str:
    """A value for a person; numbers to the last digit."""
    if value is None:
        return "nothing"
    if name in WORDS and isinstance(value, int):
        return WORDS[name](value).name
    kind = ITEMS.get(f"{name}s")
    if kind is Event and isinstance(value, list):
        return _word("verdict", value[0])
    if kind is Transition and isinstance(value, list):
        return f"{_word('mode', value[0])} -> {_word('mode', value[1])} ({value[2]})"
    if name == "verdict" and isinstance(value, list):
        check, action, reason, *_ = value
        return f"{check} {_word('action', action)}: {reason}"
    return repr(value)
