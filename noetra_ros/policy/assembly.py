"""Puts an observation together from what comes in: complete, fresh, aligned in time, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from noetra_ros.core.stream_timing import Align
from noetra_ros.core.types import JointState, Observation
from noetra_ros.policy.history import PRESENT, History
from noetra_ros.policy.tracks import NS_PER_S, Chosen, SampleTrack, Timing, Track

Fields = dict[str, Any]
Put = Callable[[Fields, tuple[Any, ...]], None]


def only_in_time(fields: Fields, samples: tuple[Any, ...]) -> None:
    """For a part that has to be there, but whose content stays with who gave it."""


@dataclass(frozen=True)
class Part:
    """One part of an observation.

    Attributes:
        stream: its name in the robot profile, whose `observation` says how it is aligned.
        label: its name for a person, unique.
        put: writes its samples, oldest first, into the fields of the `Observation`.
        gives_beat: an instant is looked at when this part has reached it; fast streams leave that to others.
        history: instants that are wanted.
        track: makes what keeps the stream.
    """

    stream: str
    label: str
    put: Put = only_in_time
    gives_beat: bool = False
    history: History = PRESENT
    track: Callable[[Timing, History], Track] = SampleTrack


@dataclass(frozen=True)
class Incomplete:
    """There is no observation now.

    Attributes:
        reason: which part, what is wrong with it; for a person.
    """

    reason: str


@dataclass(frozen=True)
class _Line:
    """A part and what has come of it."""

    part: Part
    timing: Timing
    track: Track


@dataclass
class _Found:
    """A complete observation and what it was made of."""

    observation: Observation
    chosen: list[tuple[_Line, Chosen]] = field(default_factory=list)


class Assembler:
    """Keeps the newest of each part; never fills a gap with zeros, a repetition or something old.

    Args:
        parts: of an observation, and how each is aligned.
    """

    def __init__(self, parts: Sequence[tuple[Part, Timing]]) -> None:
        self._lines = {
            part.label: _Line(part, timing, part.track(timing, part.history)) for part, timing in parts
        }
        aligned = [line for line in self._lines.values() if line.timing.align is not Align.HOLD]
        beating = [line for line in aligned if line.part.gives_beat]
        self._beating = beating or aligned or list(self._lines.values())
        self._taken_ns = 0

    def add(self, label: str, stamp_ns: int, sample: Any) -> None:
        """A sample of a part; what is not newer than the last one is dropped."""
        self._lines[label].track.add(stamp_ns, sample)

    def clear(self) -> None:
        """Forget everything that came, and which instants were taken: the clock may have begun anew."""
        self._taken_ns = 0
        for line in self._lines.values():
            line.track.clear()

    @property
    def has_beat(self) -> bool:
        """Some part comes in; a policy that needs none is asked by the clock."""
        return bool(self._lines)

    @property
    def beat_ns(self) -> int:
        """Newest instant that all parts which give the beat have reached; 0 = none yet.

        Pictures give it; where none is needed, the slowest part does.
        """
        stamps = [line.track.newest_ns for line in self._beating]
        return min((stamp for stamp in stamps if stamp is not None), default=0) if None not in stamps else 0

    @property
    def has_new_beat(self) -> bool:
        """There is an instant after that of the last observation taken."""
        return self.beat_ns > self._taken_ns

    def look(self, now_ns: int, instruction: str) -> Observation | Incomplete:
        """The observation of the newest instant; it can still be taken afterwards.

        Args:
            now_ns: clock of the stamps.
            instruction: sentence to put in.
        """
        found = self._assembled(now_ns, instruction)
        return found if isinstance(found, Incomplete) else found.observation

    def take(self, now_ns: int, instruction: str) -> Observation | Incomplete:
        """The same, taken: the next one is of a later instant."""
        found = self._assembled(now_ns, instruction)
        if isinstance(found, Incomplete):
            return found
        self._taken_ns = self.beat_ns
        for line, chosen in found.chosen:
            line.track.use(chosen)
        return found.observation

    def silence(self, now_ns: int) -> Incomplete | None:
        """What keeps the next observation from coming; None = nothing does, as far as can be seen by now.

        Args:
            now_ns: clock of the stamps.
        """
        faults = [words for line in self._lines.values() if (words := _state_fault(line, now_ns))]
        if faults:
            return Incomplete("; ".join(faults))
        found = self._assembled(now_ns, "") if self.has_new_beat else None
        return found if isinstance(found, Incomplete) else None

    def _assembled(self, now_ns: int, instruction: str) -> _Found | Incomplete:
        faults = [words for line in self._lines.values() if (words := _state_fault(line, now_ns))]
        if faults:
            return Incomplete("; ".join(faults))
        picked = [(line, line.track.choose(self.beat_ns)) for line in self._lines.values()]
        faults = [f"{line.part.label}: {words}" for line, words in picked if isinstance(words, str)]
        if faults:
            return Incomplete("; ".join(faults))
        chosen = [(line, item) for line, item in picked if isinstance(item, Chosen)]
        faults = [words for line, item in chosen if (words := _age_fault(line, item.stamp_ns, now_ns))]
        if faults:
            return Incomplete("; ".join(faults))
        return _Found(_observation(chosen, now_ns, instruction), chosen)


def _observation(chosen: Sequence[tuple[_Line, Chosen]], now_ns: int, instruction: str) -> Observation:
    """Its stamp is that of its oldest present part; what is held may be older, what lies back is."""
    held = [item.stamp_ns for _, item in chosen]
    aligned = [item.stamp_ns for line, item in chosen if line.timing.align is not Align.HOLD]
    stamp_ns = min(aligned or held, default=now_ns)
    fields: Fields = {}
    for line, item in chosen:
        line.part.put(fields, item.samples)
    fields.setdefault("joints", _no_joints(stamp_ns))
    return Observation(stamp_ns=stamp_ns, instruction=instruction, **fields)


def _state_fault(line: _Line, now_ns: int) -> str:
    """Nothing came, or it has stopped; empty = it comes in."""
    newest_ns = line.track.newest_ns
    if newest_ns is None:
        return f"{line.part.label}: nothing received"
    return _age_fault(line, newest_ns, now_ns)


def _age_fault(line: _Line, stamp_ns: int, now_ns: int) -> str:
    limit_ns, age_ns = line.timing.max_age_ns, now_ns - stamp_ns
    if limit_ns is None or abs(age_ns) <= limit_ns:
        return ""
    limit = f"allowed {limit_ns / NS_PER_S:g} s"
    if age_ns > 0:
        return f"{line.part.label}: {age_ns / NS_PER_S:.2f} s old, {limit}"
    return f"{line.part.label}: stamp {-age_ns / NS_PER_S:.2f} s ahead of the clock, {limit}"


def _no_joints(stamp_ns: int) -> JointState:
    """For policies that read no joints."""
    empty = np.empty(0)
    return JointState(stamp_ns, (), empty, empty, empty)
