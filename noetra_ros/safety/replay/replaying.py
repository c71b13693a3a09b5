"""Replays recorded calls through a supervisor built alike, and holds each answer against the recorded one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from pathlib import Path
from typing import Any

from noetra_ros.core.errors import single_fault
from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.replay.differences import words_of
from noetra_ros.safety.replay.packing import packer, time_ns, unpacked
from noetra_ros.safety.replay.reading import Record, Recording
from noetra_ros.safety.replay.recorded import raised
from noetra_ros.safety.replay.state import restore, state_of
from noetra_ros.safety.supervisor import Supervisor

SAY_EVERY = 1000  # calls


@dataclass(frozen=True)
class Difference:
    """The first answer that is not the recorded one.

    Attributes:
        number: of the call, from 0, counted from the start of the recording.
        call: name of the method.
        time_s: since the first timed call of the file, on the clock of the time-outs; NaN = none before.
        arguments: it was given, in words.
        words: what was answered then and now, one line for each part that differs.
    """

    number: int
    call: str
    time_s: float
    arguments: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Replayed:
    """What came of one file.

    Attributes:
        path: file.
        first_call: number of its first call.
        calls: that were made again, the one that differs included.
        decisions: of them that had an answer, and the same one again.
        span_s: between its first and last timed call.
        difference: the first one; None = every answer was the same bit for bit.
        end: why the file ended; empty = it does not say.
        damage: what is damaged and where; empty = nothing.
    """

    path: Path
    first_call: int
    calls: int
    decisions: int
    span_s: float
    difference: Difference | None
    end: str
    damage: str

    @property
    def is_equal(self) -> bool:
        """All that was recorded could be read, and was decided alike."""
        return self.difference is None and not self.damage


def rebuild(recording: Recording, changes: Mapping[str, Any] | None = None) -> Supervisor | GatedTogether:
    """The supervisor as it was before the first call of a file.

    Args:
        recording: the file.
        changes: settings to take in place of the recorded ones.

    Raises:
        ConfigError: it cannot be built here, or its state does not fit.
    """
    made_of = recording.header.set_up
    supervisor = replace(made_of, settings={**made_of.settings, **(changes or {})}).build()
    try:
        restore(supervisor, state_of(recording.header.state))
    except ValueError as error:
        expected = "the state of such a supervisor"
        remedy = "replay it with the version, and the barriers, that it was recorded with"
        raise single_fault("recording", f"{recording.path}: state", error, expected, remedy) from None
    return supervisor


def replay(
    recording: Recording,
    supervisor: Supervisor | GatedTogether,
    say: Callable[[int], None] = lambda calls: None,
) -> Replayed:
    """Make every call of a file again, until an answer differs.

    Args:
        recording: the file.
        supervisor: as `rebuild` makes it.
        say: told now and then how many calls were made.
    """
    first = recording.header.first_call
    pack = packer()
    calls = decisions = 0
    begin_ns = last_ns = None
    difference = None
    for record in recording.records():
        now_ns = time_ns(record.call, record.arguments)
        begin_ns = now_ns if begin_ns is None else begin_ns
        last_ns = last_ns if now_ns is None else now_ns
        answer = pack(_answer(supervisor, record))
        calls += 1
        if answer != pack(record.answer):
            (plain,) = unpacked(answer)
            lines = tuple(words_of(record.answer, plain, _axes(supervisor)))
            time_s = _span_s(begin_ns, last_ns)
            difference = Difference(first + calls - 1, record.call, time_s, _words(record), lines)
            break
        decisions += record.answer is not None
        if calls % SAY_EVERY == 0:
            say(calls)
    span_s = _span_s(begin_ns, last_ns)
    return Replayed(
        recording.path, first, calls, decisions, span_s, difference, recording.end, recording.damage
    )


def _axes(supervisor: Supervisor | GatedTogether) -> Mapping[str, Sequence[str]]:
    """Names of the values that go to each channel; of a supervisor of one channel under no name."""
    if isinstance(supervisor, GatedTogether):
        return {channel: limits.names for channel, limits in supervisor.channels.items()}
    return {"": supervisor.limits.names}


def _answer(supervisor: Supervisor | GatedTogether, record: Record) -> Any:
    try:
        return getattr(supervisor, record.call)(*record.arguments)
    except Exception as error:  # it was recorded as one, if it was raised then
        return raised(error)


def _span_s(begin_ns: int | None, last_ns: int | None) -> float:
    return float("nan") if begin_ns is None or last_ns is None else (last_ns - begin_ns) / 1e9


def _words(record: Record) -> str:
    """Arguments for a person, cut where they are long."""
    names = list(signature(getattr(GatedTogether, record.call)).parameters)[1:]  # without self
    pairs = zip(names, record.arguments, strict=False)  # a channel is named only where there are several
    words = ", ".join(f"{name} {argument}" for name, argument in pairs)
    return words if len(words) <= 200 else f"{words[:200]} ..."
